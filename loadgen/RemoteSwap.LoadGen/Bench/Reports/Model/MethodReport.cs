namespace RemoteSwap.LoadGen.Bench.Reports.Model;

/// <summary>How it was measured.</summary>
/// <param name="Rounds">Rounds that count.</param>
/// <param name="LegSeconds">Time of a leg in a round.</param>
/// <param name="WorkingSetBytes">Frames of the working set.</param>
/// <param name="Quick">Whether it was a trial.</param>
internal sealed record MethodReport(int Rounds, double LegSeconds, long WorkingSetBytes, bool Quick);
