namespace RemoteSwap.LoadGen.Workload;

/// <summary>What a phase came to, for one kind of call.</summary>
/// <param name="Name">
/// Its stable name in reports: ping_store, ping_load, store, load, mixed_store, mixed_load, invalidate.
/// </param>
/// <param name="Elapsed">How long it ran.</param>
/// <param name="Calls">What the calls came to.</param>
/// <param name="Timeline">Throughput over time, of all calls of the phase.</param>
internal sealed record PhaseResult(
    string Name, TimeSpan Elapsed, CallTally Calls, IReadOnlyList<TimelinePoint> Timeline)
{
    /// <summary>Pages a second.</summary>
    public double PagesPerSecond => Elapsed > TimeSpan.Zero ? Calls.Pages / Elapsed.TotalSeconds : 0;
}
