namespace RemoteSwap.LoadGen.Reports.Model;

/// <summary>A point of a latency curve.</summary>
/// <param name="Percent">0 to 100.</param>
/// <param name="LatencyUs">The latency that so many calls do not exceed, in microseconds.</param>
internal sealed record CurvePoint(double Percent, double LatencyUs);
