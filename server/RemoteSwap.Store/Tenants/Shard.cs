using System.Runtime.InteropServices;
using RemoteSwap.Codec;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// A part of a tenant: one lock, the slabs that map to it in index A, and its own zbud pool, whose frames are index B.
/// Both indexes change under the one lock, so they agree whenever it is free (KERNEL R2).
/// <para>
/// Locks: <see cref="Gate"/> is the pool's lock. It is held for one page, for one leaf of a range, or for the frames of
/// one writeback step; never for I/O, and never for a checksum of a page.
/// </para>
/// </summary>
internal sealed class Shard
{
    private readonly EntryStorage _storage;
    private readonly bool _isCache;

    public Shard(
        FrameArena arena,
        FrameBudget budget,
        ushort number,
        uint tenant,
        TenantOptions options,
        IWritebackTarget? target)
    {
        _isCache = options.Retention == Retention.Ephemeral;
        Budget = budget;
        Pool = new ZbudPool(arena, budget, number, tenant);
        Reclaimer = new FrameReclaimer(Pool);
        Migrator = new FrameMigrator(Pool, arena);
        Aging = new FrameAging(Pool);
        Merger = new FrameMerger(Pool);
        Index = new SwapIndex(arena, budget);
        Target = target;
        CellTable fills = new(arena, budget, sizeof(ulong));
        _storage = new EntryStorage(Pool, fills, budget, Counters, options.Incompressible, target);
        Evictions = new EvictionCommit(Pool, Index, _storage, Counters);
        Spilled = new SpilledPages(this, _storage);
        SpillsHeadlessFirst = options.Incompressible == IncompressiblePolicy.Spill;
    }

    public ZbudPool Pool { get; }

    /// <summary>Where spilled pages are.</summary>
    public IWritebackTarget? Target { get; }

    /// <summary>Moves pages between memory and the writeback target.</summary>
    public SpilledPages Spilled { get; }

    public Lock Gate => Pool.Gate;

    public SwapIndex Index { get; }

    public FrameReclaimer Reclaimer { get; }

    public FrameMigrator Migrator { get; }

    public FrameMerger Merger { get; }

    public FrameAging Aging { get; }

    public FrameBudget Budget { get; }

    public EvictionCommit Evictions { get; }

    /// <summary>Where the pages of entries are kept.</summary>
    public EntryStorage Storage => _storage;

    /// <summary>Whether a reclaim takes headless frames first.</summary>
    public bool SpillsHeadlessFirst { get; }

    public ShardCounters Counters { get; } = new();

    /// <summary>Whether it is drained beside steps of reclaim that do not end, which change nothing any more.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Frames of index leaves, handles and fill words.</summary>
    public int IndexFrames => Index.FrameCount + _storage.FillFrames + Pool.Statistics.HandleFrames;

    /// <summary>Pages stored; also without the lock, of a moment then.</summary>
    public long StoredPages => Index.Count - Volatile.Read(ref Counters.EvictedPages);

    /// <summary>Words in the fill table.</summary>
    public int FillWords => _storage.FillWords;

    /// <summary>
    /// Stores one page: (1) epoch and generation are current, (2) the tenant takes pages, (4) a place is allocated, (5)
    /// bytes and owner record are copied into it, (6) the entry is published, taking the old one out, (7) the old one
    /// is freed, (8) it is counted. A failure at 2 to 6 removes the old entry too. (Step 3, the zpage is valid, was
    /// before the lock.)
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="refusal">Why the tenant takes no page now, or <see cref="StoreOutcome.None"/>.</param>
    /// <param name="placed">The generation at which the page was placed; none: it was not.</param>
    public StoreOutcome Store(in StorePage page, StoreOutcome refusal, out Generation placed)
    {
        placed = Generation.None;
        lock (Gate)
        {
            page.Clock?.Enter();

            // (1)
            if (!page.Claim.IsCurrent)
            {
                return StoreOutcome.Fenced;
            }

            SwapEntry present = Index[page.Area, page.Slot];
            if (!TryOrder(in page, in present, out Generation generation, out StoreOutcome outcome))
            {
                return outcome;
            }

            // (2), (4), (5)
            SwapEntry entry = default;
            refusal = page.MayReplaceOnly && !present.IsCounted ? StoreOutcome.PageQuota : refusal;
            outcome = refusal == StoreOutcome.None || NeedsNoFrame(in page, refusal)
                ? _storage.Place(in page, generation, out entry)
                : refusal;

            // (6)
            SwapEntry old = default;
            if (!entry.IsEmpty && !Index.TryPublish(page.Area, page.Slot, entry, out old))
            {
                _storage.Release(in entry);
                entry = default;
                outcome = _storage.Refusal(StoreOutcome.MetadataFail);
            }

            if (entry.IsEmpty)
            {
                old = Index.Remove(page.Area, page.Slot, generation);
                page.Claim.State.HasRefused |= !old.IsEmpty;
            }

            // (7)
            if (!old.IsEmpty)
            {
                _storage.Release(in old);
            }

            // (8)
            placed = entry.IsEmpty ? Generation.None : generation;
            CountStore(outcome, replaced: !old.IsEmpty);
            return outcome;
        }
    }

    /// <summary>Empties a slot if it still holds the page that is taken back.</summary>
    public void Withdraw(AreaId area, Slot slot, Generation placed)
    {
        lock (Gate)
        {
            SwapEntry entry = Index[area, slot];
            if (!entry.IsEmpty && entry.Generation == placed)
            {
                _storage.Release(Index.Remove(area, slot, placed));
            }
        }
    }

    /// <summary>
    /// Loads one page: copies its zpage out, whose checksum the caller compares. Of a page that is spilled it returns
    /// the entry instead, and the caller is a user of its place until it drops it.
    /// </summary>
    /// <param name="claim">Who asks.</param>
    /// <param name="area">The area.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="exclusive">Hand the page over.</param>
    /// <param name="zpage">Room for 4,096 bytes.</param>
    /// <param name="page">What was found.</param>
    /// <param name="spilled">The entry of a spilled page, else empty.</param>
    /// <param name="clock">Told when the lock is held.</param>
    public LoadOutcome Load(
        in AreaClaim claim,
        AreaId area,
        Slot slot,
        bool exclusive,
        Span<byte> zpage,
        out LoadedPage page,
        out SwapEntry spilled,
        StageClock? clock = null)
    {
        page = default;
        spilled = default;
        lock (Gate)
        {
            clock?.Enter();
            if (!claim.IsCurrent)
            {
                return LoadOutcome.Fenced;
            }

            SwapEntry entry = Index[area, slot];
            if (entry.IsEmpty)
            {
                Counters.LoadMisses++;
                return claim.State.HasLostPages && !entry.IsOwn && !_isCache ? LoadOutcome.Lost : LoadOutcome.NotFound;
            }

            Counters.Loads++;
            if (exclusive && !entry.IsHandedOver)
            {
                SwapEntry handedOver = entry.ToHandedOver();
                Index.Repoint(area, slot, entry, handedOver);
                entry = handedOver;
                Counters.ExclusivePending++;
            }

            switch (entry.Kind)
            {
                case EntryKind.Zpage:
                    return _storage.ReadZpage(area, slot, in entry, zpage, out page);
                case EntryKind.Spilled:
                    Target!.AddUser(entry.Place);
                    Counters.SpillLoads++;
                    spilled = entry;
                    return LoadOutcome.Loaded;
                default:
                    return _storage.ReadEntry(in entry, zpage, out page);
            }
        }
    }

    /// <summary>Forgets one page, and remembers the generation at which that was asked for.</summary>
    /// <param name="claim">Who asks.</param>
    /// <param name="area">The area.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="generation">A page of a newer generation stays; none: whatever is there goes.</param>
    /// <param name="acknowledge">Only a page that was handed over, of exactly that generation, goes.</param>
    /// <param name="clock">Told when the lock is held.</param>
    public InvalidateOutcome Invalidate(
        in AreaClaim claim, AreaId area, Slot slot, Generation generation, bool acknowledge, StageClock? clock = null)
    {
        lock (Gate)
        {
            clock?.Enter();
            if (!claim.IsCurrent)
            {
                return InvalidateOutcome.Fenced;
            }

            SwapEntry entry = Index[area, slot];
            if (entry.IsEmpty)
            {
                Index.Remove(area, slot, acknowledge ? Generation.None : generation);
                return InvalidateOutcome.NotFound;
            }

            bool stale = acknowledge
                ? !entry.IsHandedOver || entry.Generation != generation
                : !generation.IsNone && generation.IsOlderThan(entry.Generation);
            if (stale)
            {
                Counters.Stale++;
                return InvalidateOutcome.Stale;
            }

            _storage.Release(Index.Remove(area, slot, generation));
            Counters.Invalidations++;
            return InvalidateOutcome.Invalidated;
        }
    }

    /// <summary>
    /// Remembers a generation for all slots of a run of slabs that have no entry: the first step of a range, so that a
    /// page that comes while it is worked off is found by it, or is stale.
    /// </summary>
    /// <returns>Whether it was asked for by the owner.</returns>
    public bool TryBeginRange(in AreaClaim claim, AreaId area, uint firstSlab, uint lastSlab, Generation generation)
    {
        lock (Gate)
        {
            if (!claim.IsCurrent)
            {
                return false;
            }

            if (!generation.IsNone)
            {
                Index.RaiseFloors(area, firstSlab, lastSlab, generation);
            }

            return true;
        }
    }

    /// <summary>
    /// Forgets the pages of one leaf within a range: the unit in which ranges are worked off, a lock hold each.
    /// </summary>
    /// <returns>Pages forgotten; -1: it was not asked for by the owner.</returns>
    public int InvalidateLeaf(
        in AreaClaim claim, AreaId area, ulong firstSlot, ulong first, ulong last, Generation generation)
    {
        int gone = 0;
        lock (Gate)
        {
            if (!claim.IsCurrent)
            {
                return -1;
            }

            ulong end = Math.Min(last, firstSlot + SlabLeaves.LeafEntries - 1);
            for (ulong number = Math.Max(first, firstSlot); number <= end; number++)
            {
                Slot slot = new(number);
                SwapEntry entry = Index[area, slot];
                if (entry.IsEmpty)
                {
                    Index.Remove(area, slot, generation);
                }
                else if (generation.IsNone || !generation.IsOlderThan(entry.Generation))
                {
                    _storage.Release(Index.Remove(area, slot, generation));
                    gone++;
                }
            }

            Counters.Invalidations += gone;
        }

        return gone;
    }

    /// <summary>The page checksum of an entry, where it is at hand; null: the page is spilled.</summary>
    public uint? PageChecksumOf(in SwapEntry entry) => entry.Kind switch
    {
        EntryKind.Zpage => OwnerRecord.Read(Pool.OwnerRecord(entry.Handle)).PageChecksum,
        EntryKind.Spilled => null,
        _ => entry.PageChecksum,
    };

    /// <summary>Counts a page whose checksum is wrong; needs no lock.</summary>
    public void CountCorrupt() => Interlocked.Increment(ref Counters.CorruptPages);

    // A full pool takes a same-filled page that goes into an entry which is there: that can only make room.
    private bool NeedsNoFrame(in StorePage page, StoreOutcome refusal) =>
        refusal is StoreOutcome.TenantLimit or StoreOutcome.PoolLimit
        && page.Encoding == ZpageEncoding.Fill
        && SwapEntry.IsNarrow(MemoryMarshal.Read<ulong>(page.Zpage))
        && Index.HasLeaf(page.Area, page.Slot);

    private bool TryOrder(in StorePage page, in SwapEntry present, out Generation generation, out StoreOutcome outcome)
    {
        outcome = StoreOutcome.Stale;
        generation = page.Generation;
        if (generation.IsNone && present.Generation.Value < Generation.MaxValue)
        {
            generation = present.Generation.Next();
            return true;
        }

        if (present.Generation.IsOlderThan(generation))
        {
            return true;
        }

        if (!present.IsEmpty && present.Generation == generation && _storage.IsSamePage(in page, in present))
        {
            // A repeated call: acknowledged again, no effect.
            outcome = present.IsFill ? StoreOutcome.SameFilled : StoreOutcome.Stored;
            return false;
        }

        Counters.Stale++;
        return false;
    }

    private void CountStore(StoreOutcome outcome, bool replaced)
    {
        switch (outcome)
        {
            case StoreOutcome.Stored or StoreOutcome.SameFilled:
                Counters.Stores++;
                Counters.DuplicateEntry += replaced ? 1 : 0;
                break;
            case StoreOutcome.TenantLimit or StoreOutcome.PoolLimit:
                Counters.PoolLimitHit++;
                Counters.RejectReclaimFail++;
                break;
            case StoreOutcome.PageQuota:
                Counters.RejectPageQuota++;
                break;
            case StoreOutcome.CompressPoor:
                Counters.RejectCompressPoor++;
                break;
            case StoreOutcome.AllocFail:
                Counters.RejectAllocFail++;
                break;
            case StoreOutcome.MetadataFail:
                Counters.RejectMetadataFail++;
                break;
            default:
                Counters.RejectDisabled++;
                break;
        }
    }
}
