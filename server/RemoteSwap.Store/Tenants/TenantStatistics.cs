using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// A tenant's figures: sums over its shards, each taken under its lock. Meanings as in admin.proto; counters are named
/// by cause, as zswap's are.
/// </summary>
public sealed record TenantStatistics
{
    /// <summary>Collects a tenant's figures.</summary>
    public TenantStatistics(Tenant tenant)
    {
        Tenant = tenant.Name;
        IsEnabled = tenant.IsEnabled;
        Poison = tenant.Poison;
        HasReachedLimit = tenant.Budget.Gate.HasReachedLimit;
        LimitBytes = tenant.Budget.Gate.LimitFrames * FrameArena.FrameBytes;
        UsedBytes = tenant.Budget.UsedFrames * FrameArena.FrameBytes;
        GuaranteeBytes = tenant.Budget.GuaranteedFrames * FrameArena.FrameBytes;
        Weight = tenant.Weight;
        Retention = tenant.Options.Retention;
        AcceptThresholdPercent = tenant.Budget.Gate.AcceptPercent;
        InvariantViolations = tenant.Violations;
        Quota = tenant.Quotas.Figures;
        (AttachedAreas, OrphanAreas) = tenant.Sessions.Count();
        foreach (Shard shard in tenant.Shards)
        {
            lock (shard.Gate)
            {
                AddPool(shard);
                AddCounters(shard.Counters);
            }
        }
    }

    /// <summary>The tenant's name.</summary>
    public string Tenant { get; }

    /// <summary>Whether it takes new pages.</summary>
    public bool IsEnabled { get; }

    /// <summary>Which invariant broke; null: none.</summary>
    public string? Poison { get; }

    /// <summary>Whether the limit was hit and usage has not yet fallen to the accept threshold.</summary>
    public bool HasReachedLimit { get; }

    /// <summary>Memory that it may use.</summary>
    public long LimitBytes { get; }

    /// <summary>Memory that it uses.</summary>
    public long UsedBytes { get; }

    /// <summary>Whether its pages may be dropped.</summary>
    public Retention Retention { get; }

    /// <summary>Memory that is its own, used or not.</summary>
    public long GuaranteeBytes { get; }

    /// <summary>What it keeps beside others when the server is full.</summary>
    public int Weight { get; }

    /// <summary>Accept threshold in percent of the limit.</summary>
    public int AcceptThresholdPercent { get; }

    /// <summary>What it may use beside memory, what it uses of that, and what was refused.</summary>
    public QuotaFigures Quota { get; }

    /// <summary>Stores refused because the tenant has as many pages as it may.</summary>
    public long RejectPageQuota { get; private set; }

    /// <summary>Frames that hold zpages.</summary>
    public long PoolFrames { get; private set; }

    /// <summary>Frames with two zpages.</summary>
    public long BuddiedFrames { get; private set; }

    /// <summary>Frames with one zpage and room for another.</summary>
    public long UnbuddiedFrames { get; private set; }

    /// <summary>Frames with one incompressible page.</summary>
    public long HeadlessFrames { get; private set; }

    /// <summary>Memory of index entries, handles and words of same-filled pages.</summary>
    public long IndexBytes { get; private set; }

    /// <summary>Memory of the headers of headless frames; other frames have theirs inside.</summary>
    public long HeaderBytes { get; private set; }

    /// <summary>Pages stored, of every kind.</summary>
    public long StoredPages { get; private set; }

    /// <summary>Zpages in memory.</summary>
    public long Zpages { get; private set; }

    /// <summary>Pages without a frame.</summary>
    public long SameFilledPages { get; private set; }

    /// <summary>Pages with a frame of their own.</summary>
    public long IncompressiblePages { get; private set; }

    /// <summary>Pages in the writeback target.</summary>
    public long SpilledPages { get; private set; }

    /// <summary>Bytes of all zpages in memory.</summary>
    public long ZpageBytes { get; private set; }

    /// <summary>Zpages in memory for each frame, 0 to 2.</summary>
    public double Density => PoolFrames == 0 ? 0 : (double)Zpages / PoolFrames;

    /// <summary>Bytes of the pages whose zpages are in memory.</summary>
    public long ZpagesRawBytes => Zpages * PageSize.Bytes;

    /// <summary>Unbuddied frames by how many chunks they have free.</summary>
    public FreeChunkCounts UnbuddiedByFree { get; } = new();

    /// <summary>Areas that have an owner that is heard of.</summary>
    public int AttachedAreas { get; }

    /// <summary>Areas whose owner was silent for longer than its lease.</summary>
    public int OrphanAreas { get; }

    /// <summary>How often an invariant was found broken; it should be 0.</summary>
    public long InvariantViolations { get; }

    /// <summary>Pages taken by Store.</summary>
    public long Stores { get; private set; }

    /// <summary>Pages answered by Load.</summary>
    public long Loads { get; private set; }

    /// <summary>Loads of empty slots.</summary>
    public long LoadMisses { get; private set; }

    /// <summary>Pages forgotten by invalidation.</summary>
    public long Invalidations { get; private set; }

    /// <summary>Stores that replaced a page.</summary>
    public long DuplicateEntry { get; private set; }

    /// <summary>Stores that found a limit reached.</summary>
    public long PoolLimitHit { get; private set; }

    /// <summary>Stores refused because a limit was reached and nothing was reclaimed in time.</summary>
    public long RejectReclaimFail { get; private set; }

    /// <summary>Stores refused for want of a frame.</summary>
    public long RejectAllocFail { get; private set; }

    /// <summary>Stores refused for want of an index entry or a handle (zswap: reject_kmemcache_fail).</summary>
    public long RejectMetadataFail { get; private set; }

    /// <summary>Stores refused because the page does not compress.</summary>
    public long RejectCompressPoor { get; private set; }

    /// <summary>Stores refused because the tenant is disabled or the server drains.</summary>
    public long RejectDisabled { get; private set; }

    /// <summary>Stores and invalidations without effect because the slot had seen a newer generation.</summary>
    public long Stale { get; private set; }

    /// <summary>Pages written to the writeback target.</summary>
    public long WrittenBackPages { get; private set; }

    /// <summary>Frames freed by reclaim.</summary>
    public long ReclaimedFrames => OwnLimitFrames + ServerLimitFrames + RequestedFrames;

    /// <summary>Frames freed because the tenant came near its own limit.</summary>
    public long OwnLimitFrames { get; private set; }

    /// <summary>Frames freed because the server came near its limit.</summary>
    public long ServerLimitFrames { get; private set; }

    /// <summary>Frames freed because somebody asked for it.</summary>
    public long RequestedFrames { get; private set; }

    /// <summary>Frames freed, for whatever reason, that were marked as idle.</summary>
    public long IdleFramesReclaimed { get; private set; }

    /// <summary>Frames marked as idle.</summary>
    public long IdleFramesMarked { get; private set; }

    /// <summary>Times that reclaim passed over a frame because it had been loaded.</summary>
    public long SecondChances { get; private set; }

    /// <summary>Pages of an ephemeral tenant that reclaim dropped.</summary>
    public long DroppedPages { get; private set; }

    /// <summary>Pages that left memory because the tenant came near its own limit.</summary>
    public long OwnLimitPages { get; private set; }

    /// <summary>Pages that left memory because the server came near its limit.</summary>
    public long ServerLimitPages { get; private set; }

    /// <summary>Pages that left memory because somebody asked for it.</summary>
    public long RequestedPages { get; private set; }

    /// <summary>Tries to reclaim a frame that failed.</summary>
    public long ReclaimFail { get; private set; }

    /// <summary>Loads answered from the writeback target.</summary>
    public long SpillLoads { get; private set; }

    /// <summary>Pages that came back from the writeback target to memory because they were hot.</summary>
    public long PromotedPages { get; private set; }

    /// <summary>Pages found with a wrong checksum or owner, each time that one was.</summary>
    public long CorruptPages { get; private set; }

    /// <summary>Pages handed over by an exclusive Load and not yet acknowledged.</summary>
    public long ExclusivePending { get; private set; }

    /// <summary>Pages that the scrubber compared with their checksums.</summary>
    public long ScrubbedPages { get; private set; }

    /// <summary>Of them corrupt, once in each pass; also among <see cref="CorruptPages"/>.</summary>
    public long ScrubCorruptPages { get; private set; }

    /// <summary>Pages that owners of areas keep, of which only the entry is here; not among
    /// <see cref="StoredPages"/>.</summary>
    public long EvictedPages { get; private set; }

    /// <summary>Pages that are handed out on Evictions streams and not yet acknowledged.</summary>
    public long EvictionsOut { get; private set; }

    /// <summary>Pages that were taken, and forgotten here.</summary>
    public long EvictionsTaken { get; private set; }

    /// <summary>Pages that were handed out, and stored again or emptied before they could be forgotten.</summary>
    public long EvictionsSuperseded { get; private set; }

    /// <summary>Pages that were handed out and stayed: refused, not answered in time, or their owner was
    /// fenced.</summary>
    public long EvictionsFailed { get; private set; }

    /// <summary>Loads of pages that their owner keeps.</summary>
    public long EvictedLoads { get; private set; }

    /// <summary>Frames freed by moving their only zpage beside another.</summary>
    public long MergedFrames { get; private set; }

    /// <summary>Frames moved to a lower place of the arena.</summary>
    public long MovedFrames { get; private set; }

    /// <summary>Times that compaction found frames in use and left them for later.</summary>
    public long CompactBusy { get; private set; }

    private void AddPool(Shard shard)
    {
        PoolStatistics pool = shard.Pool.Statistics;
        PoolFrames += pool.Frames;
        BuddiedFrames += pool.Buddied;
        UnbuddiedFrames += pool.Unbuddied;
        HeadlessFrames += pool.Headless;
        UnbuddiedByFree.Add(shard.Pool);
        Zpages += pool.Zpages;
        StoredPages += shard.Index.Count - shard.Counters.EvictedPages;
        IndexBytes += (long)shard.IndexFrames * FrameArena.FrameBytes;
        HeaderBytes += (long)pool.HeaderFrames * FrameArena.FrameBytes;
    }

    private void AddCounters(ShardCounters counters)
    {
        SameFilledPages += counters.SameFilledPages;
        IncompressiblePages += counters.IncompressiblePages;
        SpilledPages += counters.SpilledPages;
        ZpageBytes += counters.ZpageBytes;
        Stores += counters.Stores;
        Loads += counters.Loads;
        LoadMisses += counters.LoadMisses;
        Invalidations += counters.Invalidations;
        DuplicateEntry += counters.DuplicateEntry;
        PoolLimitHit += counters.PoolLimitHit;
        RejectReclaimFail += counters.RejectReclaimFail;
        RejectAllocFail += counters.RejectAllocFail;
        RejectMetadataFail += counters.RejectMetadataFail;
        RejectCompressPoor += counters.RejectCompressPoor;
        RejectDisabled += counters.RejectDisabled;
        RejectPageQuota += counters.RejectPageQuota;
        Stale += counters.Stale;
        WrittenBackPages += counters.WrittenBackPages;
        OwnLimitFrames += counters.ReclaimedFrames[(int)ReclaimReason.OwnLimit];
        ServerLimitFrames += counters.ReclaimedFrames[(int)ReclaimReason.ServerLimit];
        RequestedFrames += counters.ReclaimedFrames[(int)ReclaimReason.Request];
        OwnLimitPages += counters.ReclaimedPages[(int)ReclaimReason.OwnLimit];
        ServerLimitPages += counters.ReclaimedPages[(int)ReclaimReason.ServerLimit];
        RequestedPages += counters.ReclaimedPages[(int)ReclaimReason.Request];
        ReclaimFail += counters.ReclaimFail;
        IdleFramesReclaimed += counters.IdleFramesReclaimed;
        IdleFramesMarked += counters.IdleFramesMarked;
        SecondChances += counters.SecondChances;
        DroppedPages += counters.DroppedPages;
        SpillLoads += counters.SpillLoads;
        PromotedPages += counters.PromotedPages;
        CorruptPages += Volatile.Read(ref counters.CorruptPages);
        ScrubbedPages += Volatile.Read(ref counters.ScrubbedPages);
        ScrubCorruptPages += Volatile.Read(ref counters.ScrubCorruptPages);
        ExclusivePending += counters.ExclusivePending;
        AddEvictions(counters);
        MergedFrames += counters.MergedFrames;
        MovedFrames += counters.MovedFrames;
        CompactBusy += counters.CompactBusy;
    }

    private void AddEvictions(ShardCounters counters)
    {
        EvictedPages += counters.EvictedPages;
        EvictionsOut += counters.EvictionsOut;
        EvictionsTaken += counters.EvictionsTaken;
        EvictionsSuperseded += counters.EvictionsSuperseded;
        EvictionsFailed += counters.EvictionsFailed;
        EvictedLoads += counters.EvictedLoads;
    }
}
