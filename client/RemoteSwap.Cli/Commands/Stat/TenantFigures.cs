using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Stat;

/// <summary>
/// One tenant's figures under the names that <c>stat --json</c> and <c>stat --field</c> use. Counters count since the
/// server's start.
/// </summary>
internal sealed record TenantFigures
{
    /// <summary>Its name.</summary>
    public required string Tenant { get; init; }

    /// <summary>Whether new pages are taken.</summary>
    public bool Enabled { get; init; }

    /// <summary>Whether the limit was hit and usage has not yet fallen to the accept threshold.</summary>
    public bool ReachedLimit { get; init; }

    /// <summary>Whether an internal check failed; such a tenant is not served.</summary>
    public bool Poisoned { get; init; }

    /// <summary>Memory that it may use.</summary>
    public ulong LimitBytes { get; init; }

    /// <summary>Memory that it uses.</summary>
    public ulong UsedBytes { get; init; }

    /// <summary>Memory that is its own.</summary>
    public ulong GuaranteeBytes { get; init; }

    /// <summary>What it keeps beside others when the server is full.</summary>
    public uint Weight { get; init; }

    /// <summary>Whether its pages are a cache.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Below which share of the limit pages are taken again after it was hit.</summary>
    public uint AcceptThresholdPercent { get; init; }

    /// <summary>Frames that hold zpages.</summary>
    public ulong Frames { get; init; }

    /// <summary>Of them with two zpages.</summary>
    public ulong BuddiedFrames { get; init; }

    /// <summary>Of them with one zpage and room for another.</summary>
    public ulong UnbuddiedFrames { get; init; }

    /// <summary>Of them with one incompressible page.</summary>
    public ulong HeadlessFrames { get; init; }

    /// <summary>Memory of index entries, handles and words of same-filled pages.</summary>
    public ulong IndexBytes { get; init; }

    /// <summary>Zpages in memory a frame, 0 to 2.</summary>
    public double Density { get; init; }

    /// <summary>Pages stored now.</summary>
    public ulong Pages { get; init; }

    /// <summary>Of them same-filled.</summary>
    public ulong SameFilledPages { get; init; }

    /// <summary>Of them incompressible.</summary>
    public ulong IncompressiblePages { get; init; }

    /// <summary>Of them in the spill file.</summary>
    public ulong SpilledPages { get; init; }

    /// <summary>Bytes of zpages in memory.</summary>
    public ulong ZpageBytes { get; init; }

    /// <summary>Bytes of pages in frames, as the client sees them, a byte of zpages; null: there are none.</summary>
    public double? Ratio { get; init; }

    /// <summary>Pages taken.</summary>
    public ulong Stores { get; init; }

    /// <summary>Pages answered.</summary>
    public ulong Loads { get; init; }

    /// <summary>Loads of empty slots.</summary>
    public ulong LoadMisses { get; init; }

    /// <summary>Pages forgotten.</summary>
    public ulong Invalidations { get; init; }

    /// <summary>Stores that replaced a page.</summary>
    public ulong DuplicateEntry { get; init; }

    /// <summary>Stores that found the pool at its limit.</summary>
    public ulong PoolLimitHit { get; init; }

    /// <summary>Stores refused: at the limit, and nothing was reclaimed.</summary>
    public ulong RejectReclaimFail { get; init; }

    /// <summary>Stores refused: no frame.</summary>
    public ulong RejectAllocFail { get; init; }

    /// <summary>Stores refused: no index entry or handle.</summary>
    public ulong RejectKmemcacheFail { get; init; }

    /// <summary>Stores refused: the page does not compress.</summary>
    public ulong RejectCompressPoor { get; init; }

    /// <summary>Stores refused: disabled, or the server drains.</summary>
    public ulong RejectDisabled { get; init; }

    /// <summary>Calls without effect because the slot had seen a newer generation.</summary>
    public ulong Stale { get; init; }

    /// <summary>Pages written to the spill file.</summary>
    public ulong WrittenBackPages { get; init; }

    /// <summary>Frames freed by reclaim.</summary>
    public ulong ReclaimedFrames { get; init; }

    /// <summary>Of them because of its own limit.</summary>
    public ulong ReclaimedOwnLimitFrames { get; init; }

    /// <summary>Of them because of the server's limit.</summary>
    public ulong ReclaimedServerLimitFrames { get; init; }

    /// <summary>Of them because somebody asked for it.</summary>
    public ulong ReclaimedRequestedFrames { get; init; }

    /// <summary>Of them idle.</summary>
    public ulong ReclaimedIdleFrames { get; init; }

    /// <summary>Times that reclaim passed over a frame that had been loaded.</summary>
    public ulong SecondChances { get; init; }

    /// <summary>Pages of a cache that reclaim dropped.</summary>
    public ulong DroppedPages { get; init; }

    /// <summary>Tries to reclaim a frame that failed.</summary>
    public ulong ReclaimFail { get; init; }

    /// <summary>Loads from the spill file.</summary>
    public ulong SpillLoads { get; init; }

    /// <summary>Spilled pages that came back to memory because they were hot.</summary>
    public ulong PromotedPages { get; init; }

    /// <summary>Zpages found with a wrong checksum or owner.</summary>
    public ulong CorruptPages { get; init; }

    /// <summary>Pages that clients keep in files of their own; not among the pages stored.</summary>
    public ulong EvictedPages { get; init; }

    /// <summary>Pages sent to clients and not yet acknowledged.</summary>
    public ulong EvictionsOutstanding { get; init; }

    /// <summary>Pages that clients took.</summary>
    public ulong EvictionsTaken { get; init; }

    /// <summary>Pages stored again or forgotten while they were sent to a client.</summary>
    public ulong EvictionsSuperseded { get; init; }

    /// <summary>Pages sent to clients that stayed: refused, not acknowledged in time, or the client was
    /// fenced.</summary>
    public ulong EvictionsFailed { get; init; }

    /// <summary>Loads of pages that clients keep.</summary>
    public ulong EvictedLoads { get; init; }

    /// <summary>Half-empty frames freed by merging.</summary>
    public ulong MergedFrames { get; init; }

    /// <summary>Frames moved to a lower place.</summary>
    public ulong MovedFrames { get; init; }

    /// <summary>Times that compaction found frames in use.</summary>
    public ulong CompactBusy { get; init; }

    /// <summary>Areas that it may have with an owner; 0: no quota.</summary>
    public ulong QuotaAreas { get; init; }

    /// <summary>Pages that it may have; 0: no quota.</summary>
    public ulong QuotaPages { get; init; }

    /// <summary>Streams that it may have; 0: no quota.</summary>
    public ulong QuotaStreams { get; init; }

    /// <summary>Bytes that it may have under way; 0: no quota.</summary>
    public ulong QuotaInFlightBytes { get; init; }

    /// <summary>Calls a second that it may make; 0: no quota.</summary>
    public ulong QuotaCallsPerSecond { get; init; }

    /// <summary>Calls that may come at once; 0: those of one second.</summary>
    public ulong QuotaCallBurst { get; init; }

    /// <summary>Bytes a second that it may move; 0: no quota.</summary>
    public ulong QuotaBytesPerSecond { get; init; }

    /// <summary>Areas that have an owner.</summary>
    public ulong OwnedAreas { get; init; }

    /// <summary>Streams on which its requests have come.</summary>
    public ulong Streams { get; init; }

    /// <summary>Bytes of requests under way and of the replies that they may have.</summary>
    public ulong InFlightBytes { get; init; }

    /// <summary>Attaches refused: too many areas.</summary>
    public ulong QuotaAreasRefused { get; init; }

    /// <summary>Pages refused: too many.</summary>
    public ulong QuotaPagesRefused { get; init; }

    /// <summary>Requests refused: too many streams.</summary>
    public ulong QuotaStreamsRefused { get; init; }

    /// <summary>Calls refused: too many bytes under way.</summary>
    public ulong QuotaInFlightRefused { get; init; }

    /// <summary>Calls refused: they came too fast.</summary>
    public ulong QuotaCallsRefused { get; init; }

    /// <summary>Calls refused: their bytes came too fast.</summary>
    public ulong QuotaBytesRefused { get; init; }

    /// <summary>Calls whose answers were held back because they came too fast.</summary>
    public ulong QuotaPauses { get; init; }

    /// <summary>For how long in all, in microseconds.</summary>
    public ulong QuotaPausedUs { get; init; }

    /// <summary>The figures of a tenant.</summary>
    public static TenantFigures Of(TenantStatistics now)
    {
        ulong outsideFrames = now.SameFilledPages + now.SpilledPages;
        ulong inFrames = now.StoredPages > outsideFrames ? now.StoredPages - outsideFrames : 0;
        TenantQuotas quotas = now.Quotas ?? new TenantQuotas();
        QuotaUsage usage = now.QuotaUsage ?? new QuotaUsage();
        return new TenantFigures
        {
            Tenant = now.Tenant,
            Enabled = now.Enabled,
            ReachedLimit = now.ReachedLimit,
            Poisoned = now.Poisoned,
            LimitBytes = now.LimitBytes,
            UsedBytes = now.UsedBytes,
            GuaranteeBytes = now.GuaranteeBytes,
            Weight = now.Weight,
            Ephemeral = now.Ephemeral,
            AcceptThresholdPercent = now.AcceptThresholdPercent,
            Frames = now.PoolFrames,
            BuddiedFrames = now.BuddiedFrames,
            UnbuddiedFrames = now.UnbuddiedFrames,
            HeadlessFrames = now.HeadlessFrames,
            IndexBytes = now.IndexBytes,
            Density = Math.Round(now.Density, 4),
            Pages = now.StoredPages,
            SameFilledPages = now.SameFilledPages,
            IncompressiblePages = now.StoredIncompressiblePages,
            SpilledPages = now.SpilledPages,
            ZpageBytes = now.ZpageBytes,
            Ratio = now.ZpageBytes == 0 ? null : Math.Round((double)inFrames * PageSize.Bytes / now.ZpageBytes, 4),
            Stores = now.Stores,
            Loads = now.Loads,
            LoadMisses = now.LoadMisses,
            Invalidations = now.Invalidations,
            DuplicateEntry = now.DuplicateEntry,
            PoolLimitHit = now.PoolLimitHit,
            RejectReclaimFail = now.RejectReclaimFail,
            RejectAllocFail = now.RejectAllocFail,
            RejectKmemcacheFail = now.RejectKmemcacheFail,
            RejectCompressPoor = now.RejectCompressPoor,
            RejectDisabled = now.RejectDisabled,
            Stale = now.Stale,
            WrittenBackPages = now.WrittenBackPages,
            ReclaimedFrames = now.ReclaimedFrames,
            ReclaimedOwnLimitFrames = now.ReclaimedOwnLimitFrames,
            ReclaimedServerLimitFrames = now.ReclaimedServerLimitFrames,
            ReclaimedRequestedFrames = now.ReclaimedRequestedFrames,
            ReclaimedIdleFrames = now.ReclaimedIdleFrames,
            SecondChances = now.SecondChances,
            DroppedPages = now.DroppedPages,
            ReclaimFail = now.ReclaimFail,
            SpillLoads = now.SpillLoads,
            PromotedPages = now.PromotedPages,
            CorruptPages = now.CorruptPages,
            EvictedPages = now.EvictedPages,
            EvictionsOutstanding = now.EvictionsOutstanding,
            EvictionsTaken = now.EvictionsTaken,
            EvictionsSuperseded = now.EvictionsSuperseded,
            EvictionsFailed = now.EvictionsFailed,
            EvictedLoads = now.EvictedLoads,
            MergedFrames = now.MergedFrames,
            MovedFrames = now.MovedFrames,
            CompactBusy = now.CompactBusy,
            QuotaAreas = quotas.Areas,
            QuotaPages = quotas.Pages,
            QuotaStreams = quotas.Streams,
            QuotaInFlightBytes = quotas.InFlightBytes,
            QuotaCallsPerSecond = quotas.CallsPerSecond,
            QuotaCallBurst = quotas.CallBurst,
            QuotaBytesPerSecond = quotas.BytesPerSecond,
            OwnedAreas = usage.Areas,
            Streams = usage.Streams,
            InFlightBytes = usage.InFlightBytes,
            QuotaAreasRefused = usage.AreasRefused,
            QuotaPagesRefused = usage.PagesRefused,
            QuotaStreamsRefused = usage.StreamsRefused,
            QuotaInFlightRefused = usage.InFlightRefused,
            QuotaCallsRefused = usage.CallsRefused,
            QuotaBytesRefused = usage.BytesRefused,
            QuotaPauses = usage.Pauses,
            QuotaPausedUs = usage.PausedUs,
        };
    }
}
