namespace RemoteSwap.LoadGen.Bench.Reports.Model;

/// <summary>Legs that were measured in turn.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Rounds">Rounds that counted.</param>
/// <param name="Legs">The legs.</param>
/// <param name="Ratios">What was worked out of each round.</param>
internal sealed record GroupReport(
    string Title, int Rounds, IReadOnlyList<LegReport> Legs, IReadOnlyList<RatioReport> Ratios);
