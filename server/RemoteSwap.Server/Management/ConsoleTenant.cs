using RemoteSwap.Codec;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Management;

/// <summary>
/// A tenant's figures as the console reads them, or the sum of all tenants'. A part of what the admin service has;
/// counters count since the server's start. docs/CONSOLE-API.md says what each is.
/// </summary>
internal sealed record ConsoleTenant
{
    public required string Tenant { get; init; }

    public bool Enabled { get; init; }

    public bool ReachedLimit { get; init; }

    public bool Poisoned { get; init; }

    public bool Ephemeral { get; init; }

    public long LimitBytes { get; init; }

    public long UsedBytes { get; init; }

    public long GuaranteeBytes { get; init; }

    public int Weight { get; init; }

    public long Frames { get; init; }

    public long BuddiedFrames { get; init; }

    public long UnbuddiedFrames { get; init; }

    public long HeadlessFrames { get; init; }

    public long IndexBytes { get; init; }

    public long StoredPages { get; init; }

    public long Zpages { get; init; }

    public long SameFilledPages { get; init; }

    public long SpilledPages { get; init; }

    public long EvictedPages { get; init; }

    public long ZpageBytes { get; init; }

    /// <summary>Zpages a frame, 0 to 2; null: there are no frames.</summary>
    public double? Density => Frames == 0 ? null : Math.Round((double)Zpages / Frames, 4);

    /// <summary>Bytes of pages a byte of their zpages; null: there are no zpages.</summary>
    public double? Ratio => ZpageBytes == 0 ? null : Math.Round((double)Zpages * PageSize.Bytes / ZpageBytes, 4);

    public long Stores { get; init; }

    public long Loads { get; init; }

    public long LoadMisses { get; init; }

    public long Invalidations { get; init; }

    public long PoolLimitHit { get; init; }

    public long RejectReclaimFail { get; init; }

    public long RejectAllocFail { get; init; }

    public long RejectKmemcacheFail { get; init; }

    public long RejectCompressPoor { get; init; }

    public long RejectDisabled { get; init; }

    public long ReclaimedFrames { get; init; }

    public long ReclaimFail { get; init; }

    public long WrittenBackPages { get; init; }

    public long SpillLoads { get; init; }

    public long CorruptPages { get; init; }

    public static ConsoleTenant Of(TenantStatistics now) => new()
    {
        Tenant = now.Tenant,
        Enabled = now.IsEnabled,
        ReachedLimit = now.HasReachedLimit,
        Poisoned = now.Poison is not null,
        Ephemeral = now.Retention == Retention.Ephemeral,
        LimitBytes = now.LimitBytes,
        UsedBytes = now.UsedBytes,
        GuaranteeBytes = now.GuaranteeBytes,
        Weight = now.Weight,
        Frames = now.PoolFrames,
        BuddiedFrames = now.BuddiedFrames,
        UnbuddiedFrames = now.UnbuddiedFrames,
        HeadlessFrames = now.HeadlessFrames,
        IndexBytes = now.IndexBytes,
        StoredPages = now.StoredPages,
        Zpages = now.Zpages,
        SameFilledPages = now.SameFilledPages,
        SpilledPages = now.SpilledPages,
        EvictedPages = now.EvictedPages,
        ZpageBytes = now.ZpageBytes,
        Stores = now.Stores,
        Loads = now.Loads,
        LoadMisses = now.LoadMisses,
        Invalidations = now.Invalidations,
        PoolLimitHit = now.PoolLimitHit,
        RejectReclaimFail = now.RejectReclaimFail,
        RejectAllocFail = now.RejectAllocFail,
        RejectKmemcacheFail = now.RejectMetadataFail,
        RejectCompressPoor = now.RejectCompressPoor,
        RejectDisabled = now.RejectDisabled,
        ReclaimedFrames = now.ReclaimedFrames,
        ReclaimFail = now.ReclaimFail,
        WrittenBackPages = now.WrittenBackPages,
        SpillLoads = now.SpillLoads,
        CorruptPages = now.CorruptPages,
    };

    /// <summary>The sum of tenants; what cannot be summed says whether it is so of any.</summary>
    public static ConsoleTenant Sum(IReadOnlyCollection<ConsoleTenant> all) => new()
    {
        Tenant = "",
        Enabled = all.Any(one => one.Enabled),
        ReachedLimit = all.Any(one => one.ReachedLimit),
        Poisoned = all.Any(one => one.Poisoned),
        Ephemeral = all.Any(one => one.Ephemeral),
        LimitBytes = all.Sum(one => one.LimitBytes),
        UsedBytes = all.Sum(one => one.UsedBytes),
        GuaranteeBytes = all.Sum(one => one.GuaranteeBytes),
        Weight = all.Sum(one => one.Weight),
        Frames = all.Sum(one => one.Frames),
        BuddiedFrames = all.Sum(one => one.BuddiedFrames),
        UnbuddiedFrames = all.Sum(one => one.UnbuddiedFrames),
        HeadlessFrames = all.Sum(one => one.HeadlessFrames),
        IndexBytes = all.Sum(one => one.IndexBytes),
        StoredPages = all.Sum(one => one.StoredPages),
        Zpages = all.Sum(one => one.Zpages),
        SameFilledPages = all.Sum(one => one.SameFilledPages),
        SpilledPages = all.Sum(one => one.SpilledPages),
        EvictedPages = all.Sum(one => one.EvictedPages),
        ZpageBytes = all.Sum(one => one.ZpageBytes),
        Stores = all.Sum(one => one.Stores),
        Loads = all.Sum(one => one.Loads),
        LoadMisses = all.Sum(one => one.LoadMisses),
        Invalidations = all.Sum(one => one.Invalidations),
        PoolLimitHit = all.Sum(one => one.PoolLimitHit),
        RejectReclaimFail = all.Sum(one => one.RejectReclaimFail),
        RejectAllocFail = all.Sum(one => one.RejectAllocFail),
        RejectKmemcacheFail = all.Sum(one => one.RejectKmemcacheFail),
        RejectCompressPoor = all.Sum(one => one.RejectCompressPoor),
        RejectDisabled = all.Sum(one => one.RejectDisabled),
        ReclaimedFrames = all.Sum(one => one.ReclaimedFrames),
        ReclaimFail = all.Sum(one => one.ReclaimFail),
        WrittenBackPages = all.Sum(one => one.WrittenBackPages),
        SpillLoads = all.Sum(one => one.SpillLoads),
        CorruptPages = all.Sum(one => one.CorruptPages),
    };
}
