namespace RemoteSwap.LoadGen.Bench.Reports.Model;

/// <summary>A figure over the rounds.</summary>
/// <param name="Median">The middle one.</param>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest.</param>
internal sealed record SpreadReport(double Median, double Low, double High);
