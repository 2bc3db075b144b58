using System.Diagnostics.Metrics;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// The store's figures as observable instruments: read when somebody collects, free in between. Figures of one
/// collection are taken once and shared by its instruments.
/// </summary>
internal sealed class StoreMeter
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "RemoteSwap.Store";

    private static readonly TimeSpan s_shared = TimeSpan.FromMilliseconds(100);

    private readonly PageStore _store;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private TenantStatistics[] _figures = [];
    private long _taken;

    public StoreMeter(IMeterFactory meters, PageStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
        Meter meter = meters.Create(MeterName);
        AddCounters(meter);
        AddGauges(meter);
        meter.CreateObservableGauge(
            "remoteswap.arena.usage", () => _store.Statistics.UsedBytes, "By", "Memory that tenants use.");
        meter.CreateObservableGauge(
            "remoteswap.arena.limit", () => _store.Statistics.LimitBytes, "By", "Memory that tenants may use now.");
        meter.CreateObservableGauge(
            "remoteswap.arena.configured_limit",
            () => _store.Statistics.ConfiguredLimitBytes,
            "By",
            "Memory that tenants may use when the machine is not short of it.");
        meter.CreateObservableGauge(
            "remoteswap.arena.committed",
            () => _store.Statistics.CommittedBytes,
            "By",
            "Memory that the system has given.");
        meter.CreateObservableCounter(
            "remoteswap.scrub.passes", () => _store.Statistics.ScrubPasses, "{pass}", "Passes over all pages.");
        meter.CreateObservableCounter(
            "remoteswap.compact.runs",
            () => _store.Statistics.CompactRuns,
            "{run}",
            "Compactions that merged or moved frames.");
        meter.CreateObservableGauge(
            "remoteswap.compact.longest_hold",
            () => _store.Statistics.CompactLongestHold.TotalSeconds,
            "s",
            "The longest time that a step of compaction held a lock that a Load needs.");
        meter.CreateObservableGauge(
            "remoteswap.spill.usage", () => _store.Statistics.SpillUsedBytes, "By", "Spill file in use.");
        meter.CreateObservableGauge(
            "remoteswap.spill.limit", () => _store.Statistics.SpillLimitBytes, "By", "Spill file's size.");
    }

    private static KeyValuePair<string, object?> TenantTag(TenantStatistics figures) =>
        new("remoteswap.tenant", figures.Tenant);

    private static KeyValuePair<string, object?>[] Tags(TenantStatistics figures, string name, string value) =>
        [TenantTag(figures), new(name, value)];

    private void AddCounters(Meter meter)
    {
        Counter(meter, "remoteswap.pages.stored", "{page}", "Pages taken by Store.", f => f.Stores);
        Counter(meter, "remoteswap.pages.loaded", "{page}", "Pages answered by Load.", f => f.Loads);
        Counter(meter, "remoteswap.pages.missed", "{page}", "Loads of empty slots.", f => f.LoadMisses);
        Counter(meter, "remoteswap.pages.invalidated", "{page}", "Pages forgotten.", f => f.Invalidations);
        Counter(
            meter,
            "remoteswap.pages.written_back",
            "{page}",
            "Pages written to the writeback target.",
            f => f.WrittenBackPages);
        Counter(
            meter,
            "remoteswap.pages.corrupt",
            "{page}",
            "Pages found with a wrong checksum or owner.",
            f => f.CorruptPages);
        Counter(meter, "remoteswap.store.duplicates", "{page}", "Stores that replaced a page.", f => f.DuplicateEntry);
        Counter(meter, "remoteswap.store.stale", "{page}", "Operations that came too late.", f => f.Stale);
        Counter(
            meter, "remoteswap.pool.limit_hits", "{event}", "Stores that found a limit reached.", f => f.PoolLimitHit);
        meter.CreateObservableCounter(
            "remoteswap.reclaim.frames", () => Each(ReclaimedFrames), "{frame}", "Frames freed by reclaim, by reason.");
        meter.CreateObservableCounter(
            "remoteswap.reclaim.pages",
            () => Each(ReclaimedPages),
            "{page}",
            "Pages that left memory by reclaim, by reason.");
        Counter(
            meter, "remoteswap.reclaim.idle", "{frame}", "Idle frames freed by reclaim.", f => f.IdleFramesReclaimed);
        Counter(
            meter, "remoteswap.reclaim.second_chances", "{frame}", "Loaded frames passed over.", f => f.SecondChances);
        Counter(
            meter, "remoteswap.pages.dropped", "{page}", "Pages of caches dropped by reclaim.", f => f.DroppedPages);
        Counter(
            meter, "remoteswap.reclaim.failures", "{frame}", "Frames that reclaim could not free.", f => f.ReclaimFail);
        Counter(
            meter, "remoteswap.spill.loads", "{page}", "Loads answered from the writeback target.", f => f.SpillLoads);
        Counter(
            meter,
            "remoteswap.spill.promotions",
            "{page}",
            "Spilled pages that came back to memory because they were hot.",
            f => f.PromotedPages);
        Counter(
            meter, "remoteswap.scrub.pages", "{page}", "Pages that the scrubber compared.", f => f.ScrubbedPages);
        Counter(
            meter,
            "remoteswap.scrub.corrupt",
            "{page}",
            "Pages that the scrubber found corrupt, once in each pass.",
            f => f.ScrubCorruptPages);
        Counter(
            meter, "remoteswap.compact.merged", "{frame}", "Half-empty frames freed by merging.", f => f.MergedFrames);
        Counter(meter, "remoteswap.compact.moved", "{frame}", "Frames moved to a lower place.", f => f.MovedFrames);
        Counter(
            meter,
            "remoteswap.compact.busy",
            "{frame}",
            "Frames that compaction found in use and left for later.",
            f => f.CompactBusy);
        meter.CreateObservableCounter(
            "remoteswap.evictions.pages", () => Each(Evictions), "{page}", "Pages handed to clients, by outcome.");
        Counter(
            meter, "remoteswap.evictions.loads", "{page}", "Loads of pages that clients keep.", f => f.EvictedLoads);
        meter.CreateObservableCounter(
            "remoteswap.store.rejections", () => Each(Rejections), "{page}", "Pages refused, by cause.");
    }

    private void AddGauges(Meter meter)
    {
        Gauge(meter, "remoteswap.pool.usage", "By", "Memory that the tenant uses.", f => f.UsedBytes);
        Gauge(meter, "remoteswap.evictions.outstanding", "{page}", "Pages sent to clients.", f => f.EvictionsOut);
        Gauge(meter, "remoteswap.pool.limit", "By", "Memory that the tenant may use.", f => f.LimitBytes);
        Gauge(meter, "remoteswap.pool.guarantee", "By", "Memory that is the tenant's own.", f => f.GuaranteeBytes);
        Gauge(meter, "remoteswap.pool.stored", "By", "Bytes of all zpages in memory.", f => f.ZpageBytes);
        Gauge(meter, "remoteswap.header.usage", "By", "Memory of headers of headless frames.", f => f.HeaderBytes);
        Gauge(meter, "remoteswap.index.usage", "By", "Memory of index entries and handles.", f => f.IndexBytes);
        meter.CreateObservableGauge(
            "remoteswap.pool.density",
            () => Each<double>(f => [new Measurement<double>(f.Density, TenantTag(f))]),
            "{page}",
            "Zpages in memory for each frame, 0 to 2.");
        meter.CreateObservableUpDownCounter(
            "remoteswap.pool.frame.count", () => Each(Frames), "{frame}", "Frames by state.");
        meter.CreateObservableUpDownCounter(
            "remoteswap.entry.count", () => Each(Entries), "{entry}", "Stored pages by kind.");
    }

    private static Measurement<long>[] Rejections(TenantStatistics figures) =>
    [
        new(figures.RejectReclaimFail, Tags(figures, "reason", "reclaim_fail")),
        new(figures.RejectAllocFail, Tags(figures, "reason", "alloc_fail")),
        new(figures.RejectMetadataFail, Tags(figures, "reason", "kmemcache_fail")),
        new(figures.RejectCompressPoor, Tags(figures, "reason", "compress_poor")),
        new(figures.RejectDisabled, Tags(figures, "reason", "disabled")),
    ];

    private static Measurement<long>[] Evictions(TenantStatistics figures) =>
    [
        new(figures.EvictionsTaken, Tags(figures, "outcome", "taken")),
        new(figures.EvictionsSuperseded, Tags(figures, "outcome", "superseded")),
        new(figures.EvictionsFailed, Tags(figures, "outcome", "failed")),
    ];

    private static Measurement<long>[] ReclaimedFrames(TenantStatistics figures) =>
    [
        new(figures.OwnLimitFrames, Tags(figures, "reason", "own_limit")),
        new(figures.ServerLimitFrames, Tags(figures, "reason", "server_limit")),
        new(figures.RequestedFrames, Tags(figures, "reason", "request")),
    ];

    private static Measurement<long>[] ReclaimedPages(TenantStatistics figures) =>
    [
        new(figures.OwnLimitPages, Tags(figures, "reason", "own_limit")),
        new(figures.ServerLimitPages, Tags(figures, "reason", "server_limit")),
        new(figures.RequestedPages, Tags(figures, "reason", "request")),
    ];

    private static Measurement<long>[] Frames(TenantStatistics figures) =>
    [
        new(figures.BuddiedFrames, Tags(figures, "state", "buddied")),
        new(figures.UnbuddiedFrames, Tags(figures, "state", "unbuddied")),
        new(figures.HeadlessFrames, Tags(figures, "state", "headless")),
    ];

    private static Measurement<long>[] Entries(TenantStatistics figures) =>
    [
        new(figures.Zpages - figures.IncompressiblePages, Tags(figures, "kind", "zpage")),
        new(figures.IncompressiblePages, Tags(figures, "kind", "incompressible")),
        new(figures.SameFilledPages, Tags(figures, "kind", "same_filled")),
        new(figures.SpilledPages, Tags(figures, "kind", "spilled")),
        new(figures.EvictedPages, Tags(figures, "kind", "evicted")),
    ];

    private void Counter(
        Meter meter, string name, string unit, string description, Func<TenantStatistics, long> figure) =>
        meter.CreateObservableCounter(
            name, () => Each<long>(f => [new Measurement<long>(figure(f), TenantTag(f))]), unit, description);

    private void Gauge(
        Meter meter, string name, string unit, string description, Func<TenantStatistics, long> figure) =>
        meter.CreateObservableGauge(
            name, () => Each<long>(f => [new Measurement<long>(figure(f), TenantTag(f))]), unit, description);

    private IEnumerable<Measurement<T>> Each<T>(Func<TenantStatistics, Measurement<T>[]> measure)
        where T : struct => Figures().SelectMany(measure);

    private TenantStatistics[] Figures()
    {
        lock (_gate)
        {
            if (_figures.Length == 0 || _time.GetElapsedTime(_taken) > s_shared)
            {
                _figures = [.. _store.Tenants.Select(tenant => new TenantStatistics(tenant))];
                _taken = _time.GetTimestamp();
            }

            return _figures;
        }
    }
}
