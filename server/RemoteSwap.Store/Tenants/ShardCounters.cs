namespace RemoteSwap.Store;

/// <summary>
/// What has happened in a shard since the start, named by cause as in zswap. Written under the shard's lock, except
/// where marked; read without it for statistics: a sum may be a moment old.
/// </summary>
internal sealed class ShardCounters
{
    public long Stores;
    public long Loads;
    public long LoadMisses;
    public long Invalidations;
    public long DuplicateEntry;
    public long PoolLimitHit;
    public long RejectReclaimFail;
    public long RejectAllocFail;
    public long RejectMetadataFail;
    public long RejectCompressPoor;
    public long RejectDisabled;
    public long RejectPageQuota;
    public long Stale;
    public long WrittenBackPages;
    public long ReclaimFail;
    public long SpillLoads;
    public long PromotedPages;
    public long SecondChances;
    public long IdleFramesMarked;
    public long IdleFramesReclaimed;
    public long DroppedPages;
    public long SameFilledPages;
    public long IncompressiblePages;
    public long SpilledPages;
    public long ZpageBytes;
    public long ExclusivePending;
    public long EvictedPages;
    public long EvictionsOut;
    public long EvictionsTaken;
    public long EvictionsSuperseded;
    public long EvictionsFailed;
    public long EvictedLoads;
    public long MergedFrames;
    public long MovedFrames;
    public long CompactBusy;

    /// <summary>Frames freed by reclaim, by <see cref="ReclaimReason"/>.</summary>
    public readonly long[] ReclaimedFrames = new long[Reasons];

    /// <summary>Pages that left memory with them, by <see cref="ReclaimReason"/>.</summary>
    public readonly long[] ReclaimedPages = new long[Reasons];

    private const int Reasons = (int)ReclaimReason.Request + 1;

    /// <summary>Written without the lock, interlocked: checksums are compared outside it.</summary>
    public long CorruptPages;

    /// <summary>Written without the lock, interlocked, as is the next.</summary>
    public long ScrubbedPages;
    public long ScrubCorruptPages;

    /// <summary>Counts what a reclaim step took.</summary>
    public void AddReclaimed(ReclaimReason reason, int frames, int pages)
    {
        ReclaimedFrames[(int)reason] += frames;
        ReclaimedPages[(int)reason] += pages;
    }

    /// <summary>Counts what the scrubber found in a leaf; needs no lock.</summary>
    public void AddScrubbed(int pages, int corrupt)
    {
        Interlocked.Add(ref ScrubbedPages, pages);
        Interlocked.Add(ref ScrubCorruptPages, corrupt);
        Interlocked.Add(ref CorruptPages, corrupt);
    }
}
