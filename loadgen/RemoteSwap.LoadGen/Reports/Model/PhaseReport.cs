namespace RemoteSwap.LoadGen.Reports.Model;

/// <summary>One kind of call in one phase.</summary>
/// <param name="Name">ping_store, ping_load, store, load, mixed_store, mixed_load or invalidate.</param>
/// <param name="Pages">Pages of the calls that were answered.</param>
/// <param name="Calls">Calls that were answered.</param>
/// <param name="Seconds">Length of the phase.</param>
/// <param name="PagesPerSecond">Pages a second.</param>
/// <param name="RawMegabytesPerSecond">The same in raw bytes, in units of 1,000,000.</param>
/// <param name="CeilingRatio">
/// Its pages a second as a share of the ping's of its shape; null where there is no such.
/// </param>
/// <param name="LatencyUs">Latency of the calls, in microseconds.</param>
/// <param name="Curve">Latency by percentile, for a plot.</param>
/// <param name="FailedCalls">Calls that failed as calls.</param>
/// <param name="FirstFailure">What the first said; null if none failed.</param>
/// <param name="Refused">Pages refused, by outcome.</param>
/// <param name="Unreadable">Pages that the server could not read or answer for, by outcome.</param>
/// <param name="Timeline">Throughput over time; of all calls of the phase.</param>
internal sealed record PhaseReport(
    string Name,
    long Pages,
    long Calls,
    double Seconds,
    double PagesPerSecond,
    double RawMegabytesPerSecond,
    double? CeilingRatio,
    LatencyReport LatencyUs,
    IReadOnlyList<CurvePoint> Curve,
    long FailedCalls,
    string? FirstFailure,
    IReadOnlyDictionary<string, long> Refused,
    IReadOnlyDictionary<string, long> Unreadable,
    IReadOnlyList<TimelineReport> Timeline);
