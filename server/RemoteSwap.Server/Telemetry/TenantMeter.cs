using System.Diagnostics.Metrics;
using RemoteSwap.Store;
using Figure = System.Func<RemoteSwap.Store.TenantStatistics, long>;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// Tenants' figures as observable instruments: read when somebody collects, free in between. Those of one collection
/// are taken once and shared (<see cref="TenantGroups"/>).
/// </summary>
internal sealed class TenantMeter
{
    private readonly Meter _meter;
    private readonly TenantGroups _groups;

    public TenantMeter(Meter meter, TenantGroups groups)
    {
        _meter = meter;
        _groups = groups;
        AddPages();
        AddReclaim();
        AddBackground();
        AddMemory();
        AddState();
        AddQuotas();
    }

    private void AddPages()
    {
        Count("remoteswap.pages.stored", "{page}", "Pages taken by Store.", f => f.Stores);
        Count("remoteswap.pages.loaded", "{page}", "Pages answered by Load.", f => f.Loads);
        Count("remoteswap.pages.missed", "{page}", "Loads of empty slots.", f => f.LoadMisses);
        Count("remoteswap.pages.invalidated", "{page}", "Pages forgotten.", f => f.Invalidations);
        Count(
            "remoteswap.pages.written_back",
            "{page}",
            "Pages written to the writeback target.",
            f => f.WrittenBackPages);
        Count(
            "remoteswap.pages.corrupt", "{page}", "Pages found with a wrong checksum or owner.", f => f.CorruptPages);
        Count("remoteswap.pages.dropped", "{page}", "Pages of caches dropped by reclaim.", f => f.DroppedPages);
        Count("remoteswap.store.duplicates", "{page}", "Stores that replaced a page.", f => f.DuplicateEntry);
        Count("remoteswap.store.stale", "{page}", "Operations that came too late.", f => f.Stale);
        Count("remoteswap.pool.limit_hits", "{event}", "Stores that found a limit reached.", f => f.PoolLimitHit);
        CountBy(
            "remoteswap.store.rejections",
            "{page}",
            "Pages refused, by cause.",
            "reason",
            ("reclaim_fail", f => f.RejectReclaimFail),
            ("alloc_fail", f => f.RejectAllocFail),
            ("kmemcache_fail", f => f.RejectMetadataFail),
            ("compress_poor", f => f.RejectCompressPoor),
            ("disabled", f => f.RejectDisabled),
            ("page_quota", f => f.RejectPageQuota));
        Count(
            "remoteswap.invariant.violations",
            "{event}",
            "Invariants found broken, after which the tenant is not served any more; should be 0.",
            f => f.InvariantViolations);
    }

    private void AddReclaim()
    {
        CountBy(
            "remoteswap.reclaim.frames",
            "{frame}",
            "Frames freed by reclaim, by reason.",
            "reason",
            ("own_limit", f => f.OwnLimitFrames),
            ("server_limit", f => f.ServerLimitFrames),
            ("request", f => f.RequestedFrames));
        CountBy(
            "remoteswap.reclaim.pages",
            "{page}",
            "Pages that left memory by reclaim, by reason.",
            "reason",
            ("own_limit", f => f.OwnLimitPages),
            ("server_limit", f => f.ServerLimitPages),
            ("request", f => f.RequestedPages));
        Count("remoteswap.reclaim.idle", "{frame}", "Idle frames freed by reclaim.", f => f.IdleFramesReclaimed);
        Count("remoteswap.reclaim.second_chances", "{frame}", "Loaded frames passed over.", f => f.SecondChances);
        Count("remoteswap.reclaim.failures", "{frame}", "Frames that reclaim could not free.", f => f.ReclaimFail);
        Count("remoteswap.spill.loads", "{page}", "Loads answered from the writeback target.", f => f.SpillLoads);
        Count(
            "remoteswap.spill.promotions",
            "{page}",
            "Spilled pages that came back to memory because they were hot.",
            f => f.PromotedPages);
        CountBy(
            "remoteswap.evictions.pages",
            "{page}",
            "Pages handed to clients, by outcome.",
            "outcome",
            ("taken", f => f.EvictionsTaken),
            ("superseded", f => f.EvictionsSuperseded),
            ("failed", f => f.EvictionsFailed));
        Count("remoteswap.evictions.loads", "{page}", "Loads of pages that clients keep.", f => f.EvictedLoads);
        Gauge("remoteswap.evictions.outstanding", "{page}", "Pages sent to clients.", f => f.EvictionsOut);
    }

    private void AddBackground()
    {
        Count("remoteswap.scrub.pages", "{page}", "Pages that the scrubber compared.", f => f.ScrubbedPages);
        Count(
            "remoteswap.scrub.corrupt",
            "{page}",
            "Pages that the scrubber found corrupt, once in each pass.",
            f => f.ScrubCorruptPages);
        Count("remoteswap.compact.merged", "{frame}", "Half-empty frames freed by merging.", f => f.MergedFrames);
        Count("remoteswap.compact.moved", "{frame}", "Frames moved to a lower place.", f => f.MovedFrames);
        Count(
            "remoteswap.compact.busy",
            "{frame}",
            "Frames that compaction found in use and left for later.",
            f => f.CompactBusy);
    }

    private void AddMemory()
    {
        Gauge("remoteswap.pool.usage", "By", "Memory that the tenant uses.", f => f.UsedBytes);
        Gauge("remoteswap.pool.limit", "By", "Memory that the tenant may use.", f => f.LimitBytes);
        Gauge("remoteswap.pool.guarantee", "By", "Memory that is the tenant's own.", f => f.GuaranteeBytes);
        Gauge("remoteswap.pool.stored", "By", "Bytes of all zpages in memory.", f => f.ZpageBytes);
        Gauge("remoteswap.header.usage", "By", "Memory of headers of headless frames.", f => f.HeaderBytes);
        Gauge("remoteswap.index.usage", "By", "Memory of index entries and handles.", f => f.IndexBytes);
        Ratio(
            "remoteswap.pool.density",
            "{page}",
            "Zpages in memory for each frame, 0 to 2.",
            f => f.Zpages,
            f => f.PoolFrames);
        Ratio(
            "remoteswap.pool.compression",
            "1",
            "Bytes of pages for each byte of their zpages in memory; 0: there are none.",
            f => f.ZpagesRawBytes,
            f => f.ZpageBytes);
        _meter.CreateObservableGauge(
            "remoteswap.pool.unbuddied",
            Unbuddied,
            "{frame}",
            "Frames with one zpage and room for another, by their free chunks of 64 bytes.");
    }

    private void AddState()
    {
        UpDownBy(
            "remoteswap.pool.frame.count",
            "{frame}",
            "Frames by state.",
            "state",
            ("buddied", f => f.BuddiedFrames),
            ("unbuddied", f => f.UnbuddiedFrames),
            ("headless", f => f.HeadlessFrames));
        UpDownBy(
            "remoteswap.entry.count",
            "{entry}",
            "Stored pages by kind.",
            "kind",
            ("zpage", f => f.Zpages - f.IncompressiblePages),
            ("incompressible", f => f.IncompressiblePages),
            ("same_filled", f => f.SameFilledPages),
            ("spilled", f => f.SpilledPages),
            ("evicted", f => f.EvictedPages));
        UpDownBy(
            "remoteswap.area.count",
            "{area}",
            "Areas that have an owner, and those whose owner is silent for longer than its lease.",
            "state",
            ("attached", f => f.AttachedAreas),
            ("orphan", f => f.OrphanAreas));
    }

    private void AddQuotas()
    {
        CountBy(
            "remoteswap.quota.refusals",
            "{refusal}",
            "Attaches, pages, requests and calls refused because the tenant was over a quota, by quota.",
            "quota",
            ("areas", f => f.Quota.AreasRefused),
            ("pages", f => f.RejectPageQuota),
            ("streams", f => f.Quota.StreamsRefused),
            ("in_flight", f => f.Quota.InFlightRefused),
            ("call_rate", f => f.Quota.CallsRefused),
            ("byte_rate", f => f.Quota.BytesRefused));
        Count(
            "remoteswap.quota.pauses",
            "{call}",
            "Calls whose answers were held back because the tenant was ahead of its rate.",
            f => f.Quota.Pauses);
        _meter.CreateObservableCounter(
            "remoteswap.quota.paused",
            () => _groups.Now().Select(group => new Measurement<double>(
                TimeSpan.FromTicks(group.Count(f => f.Quota.Paused.Ticks)).TotalSeconds, group.Tags)),
            "s",
            "Time for which answers were held back, added up.");
        Gauge(
            "remoteswap.quota.streams",
            "{stream}",
            "Exchange streams on which requests of the tenant have come.",
            f => f.Quota.Streams);
        Gauge(
            "remoteswap.quota.in_flight",
            "By",
            "Bytes of requests under way, and of the replies that they may have.",
            f => f.Quota.InFlightBytes);
    }

    private IEnumerable<Measurement<long>> Unbuddied()
    {
        foreach (TenantGroup group in _groups.Now())
        {
            for (int range = 0; range < FreeChunkCounts.Ranges; range++)
            {
                int number = range;
                yield return new Measurement<long>(
                    group.Sum(f => f.UnbuddiedByFree[number]),
                    [.. group.Tags, new("chunks", FreeChunkCounts.NameOf(number))]);
            }
        }
    }

    private void Count(string name, string unit, string description, Figure figure) => _meter.CreateObservableCounter(
        name,
        () => _groups.Now().Select(group => new Measurement<long>(group.Count(figure), group.Tags)),
        unit,
        description);

    private void Gauge(string name, string unit, string description, Figure figure) => _meter.CreateObservableGauge(
        name,
        () => _groups.Now().Select(group => new Measurement<long>(group.Sum(figure), group.Tags)),
        unit,
        description);

    private void Ratio(string name, string unit, string description, Figure figure, Figure of) =>
        _meter.CreateObservableGauge(
            name,
            () => _groups.Now().Select(group => new Measurement<double>(group.Ratio(figure, of), group.Tags)),
            unit,
            description);

    private void CountBy(
        string name,
        string unit,
        string description,
        string tag,
        params (string Value, Figure Figure)[] figures) => _meter.CreateObservableCounter(
            name,
            () => Each(tag, figures, (group, figure) => group.Count(figure)),
            unit,
            description);

    private void UpDownBy(
        string name,
        string unit,
        string description,
        string tag,
        params (string Value, Figure Figure)[] figures) => _meter.CreateObservableUpDownCounter(
            name,
            () => Each(tag, figures, (group, figure) => group.Sum(figure)),
            unit,
            description);

    private IEnumerable<Measurement<long>> Each(
        string tag, (string Value, Figure Figure)[] figures, Func<TenantGroup, Figure, long> read) =>
        from @group in _groups.Now()
        from figure in figures
        select new Measurement<long>(read(@group, figure.Figure), [.. @group.Tags, new(tag, figure.Value)]);
}
