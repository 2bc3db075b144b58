namespace RemoteSwap.LoadGen.Reports.Model;

/// <summary>Latency of calls, in microseconds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">90 of 100 are not longer.</param>
/// <param name="P99">99 of 100.</param>
/// <param name="P999">999 of 1,000.</param>
/// <param name="P9999">9,999 of 10,000.</param>
/// <param name="Max">The longest.</param>
internal sealed record LatencyReport(
    double Mean, double P50, double P90, double P99, double P999, double P9999, double Max);
