using System.Diagnostics.Metrics;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Telemetry;

/// <summary>The figures of the store as a whole as observable instruments, and those of its tenants.</summary>
internal sealed class StoreMeter
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "RemoteSwap.Store";

    private readonly Meter _meter;
    private readonly PageStore _store;

    public StoreMeter(IMeterFactory meters, PageStore store, TenantLabels labels, TimeProvider time)
    {
        _store = store;
        _meter = meters.Create(MeterName);
        _ = new TenantMeter(_meter, new TenantGroups(store, labels, time));
        AddMemory();
        AddBackground();
        AddLife();
    }

    private void AddMemory()
    {
        Bytes("remoteswap.arena.usage", "Memory that tenants use.", f => f.UsedBytes);
        Bytes("remoteswap.arena.limit", "Memory that tenants may use now.", f => f.LimitBytes);
        Bytes(
            "remoteswap.arena.configured_limit",
            "Memory that tenants may use when the machine is not short of it.",
            f => f.ConfiguredLimitBytes);
        Bytes("remoteswap.arena.committed", "Memory that the system has given.", f => f.CommittedBytes);
        Bytes("remoteswap.spill.usage", "Spill file in use.", f => f.SpillUsedBytes);
        Bytes("remoteswap.spill.limit", "Spill file's size; 0: there is none.", f => f.SpillLimitBytes);
    }

    private void AddBackground()
    {
        _meter.CreateObservableCounter(
            "remoteswap.scrub.passes", () => _store.Statistics.ScrubPasses, "{pass}", "Passes over all pages.");
        _meter.CreateObservableCounter(
            "remoteswap.compact.runs",
            () => _store.Statistics.CompactRuns,
            "{run}",
            "Compactions that merged or moved frames.");
        _meter.CreateObservableGauge(
            "remoteswap.compact.longest_hold",
            () => _store.Statistics.CompactLongestHold.TotalSeconds,
            "s",
            "The longest time that a step of compaction held a lock that a Load needs.");
    }

    private void AddLife()
    {
        _meter.CreateObservableGauge(
            "remoteswap.server.accepting",
            () => _store.IsDraining || _store.Statistics.HasReachedLimit ? 0 : 1,
            "1",
            "1 while new pages are taken; 0 while the server drains, or has hit its limit and not yet fallen to the "
            + "accept threshold.");
        _meter.CreateObservableGauge(
            "remoteswap.server.draining",
            () => _store.IsDraining ? 1 : 0,
            "1",
            "1 while the server ends and takes no new pages.");
        Warm("drain", "The drain with which the server's last life ended", f => f.Drained);
        Warm("restore", "The start of this life that brought pages back", f => f.Restored);
    }

    private void Bytes(string name, string description, Func<StoreStatistics, long> figure) =>
        _meter.CreateObservableGauge(name, () => figure(_store.Statistics), "By", description);

    private void Warm(string what, string subject, Func<WarmFigures, WarmResult> result)
    {
        _meter.CreateObservableGauge(
            $"remoteswap.{what}.duration",
            () => result(_store.Warm).Elapsed.TotalSeconds,
            "s",
            $"{subject}: how long it took; 0: there was none.");
        _meter.CreateObservableGauge(
            $"remoteswap.{what}.pages",
            () => result(_store.Warm).Pages,
            "{page}",
            $"{subject}: how many pages; 0: there was none.");
    }
}
