using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Index A of a shard: from (area, slot) to entry. A radix tree: area, slab, leaf, place. Leaves are frames of the
/// arena (256 entries of 16 bytes), so a million pages are 16 MB that the garbage collector never sees, and an area
/// that is emptied gives its memory back leaf by leaf.
/// <para>
/// Entries go in and come out by value; nothing outside holds a reference into a leaf. An entry that is put over
/// another returns the other, for the caller to free: new first, then switch, then free (KERNEL R4).
/// </para>
/// <para>
/// An empty slot remembers the newest generation that it has seen, so that an older store that comes late does not
/// bring a page back (KERNEL R13, B23). That costs no memory of its own: while its leaf holds pages it stands in the
/// entry; when the leaf goes, the newest of all its entries becomes part of the slab's floor, and with the slab of the
/// area's. A leaf or a slab that is made anew begins at the floor. So what is remembered never is too old; for a slot
/// whose neighbourhood was emptied it may be too new, and then a client repeats its store with a newer generation.
/// </para>
/// <para>
/// Guarded by the shard's lock; <see cref="TryPrefetch"/> and <see cref="TryGuess"/> need none and promise nothing.
/// </para>
/// </summary>
internal sealed class SwapIndex(FrameArena arena, IFrameSource frames)
{
    private const uint NoSlab = uint.MaxValue;

    private readonly Dictionary<AreaId, AreaSlabs> _areas = [];
    private readonly CellTable _slabs = new(arena, frames, SlabLeaves.Bytes);
    private int _leaves;
    private readonly SlabCache _lately = new();

    /// <summary>Entries stored.</summary>
    public long Count { get; private set; }

    /// <summary>Frames that leaves and their tables occupy.</summary>
    public int FrameCount => _leaves + _slabs.FrameCount;

    /// <summary>
    /// The entry of a slot. That of an empty one has the newest generation that the slot may have seen.
    /// </summary>
    public SwapEntry this[AreaId area, Slot slot]
    {
        get
        {
            uint cell = Find(area, slot.Slab);
            if (cell == NoSlab)
            {
                return SwapEntry.Floor(_areas.TryGetValue(area, out AreaSlabs? slabs) ? slabs.Floor : default);
            }

            ref SlabLeaves slab = ref Slab(cell);
            FrameNumber leaf = slab.Frame(LeafOf(slot));
            return leaf == FrameNumber.None ? SwapEntry.Floor(slab.Floor) : EntryAt(leaf, slot);
        }
    }

    /// <summary>Whether an entry could be put into a slot without a new leaf.</summary>
    public bool HasLeaf(AreaId area, Slot slot) => FindLeaf(area, slot) != FrameNumber.None;

    /// <summary>Puts an entry into a slot.</summary>
    /// <param name="area">The area.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="entry">The entry; not empty.</param>
    /// <param name="old">The entry that was there.</param>
    /// <returns>Whether there was memory for it; if not, the slot was empty and still is.</returns>
    public bool TryPublish(AreaId area, Slot slot, SwapEntry entry, out SwapEntry old)
    {
        old = default;
        if (!TryGetSlab(area, slot.Slab, out uint cell))
        {
            return false;
        }

        int leaf = LeafOf(slot);
        ref SlabLeaves slab = ref Slab(cell);
        if (slab.Frame(leaf) == FrameNumber.None)
        {
            if (!frames.TryTake(out FrameNumber frame))
            {
                RemoveSlabIfEmpty(area, slot.Slab, cell);
                return false;
            }

            arena[frame].Clear();
            slab.AddLeaf(leaf, frame);
            Fill(frame, slab.Floor);
            _leaves++;
        }

        ref SwapEntry place = ref EntryAt(slab.Frame(leaf), slot);
        old = place;
        place = entry;
        if (old.IsEmpty)
        {
            slab.EntryAdded(leaf);
            Count++;
        }

        return true;
    }

    /// <summary>Puts another entry for the same page into a slot: compare and swap (KERNEL R9).</summary>
    public void Repoint(AreaId area, Slot slot, SwapEntry expected, SwapEntry entry)
    {
        FrameNumber leaf = FindLeaf(area, slot);
        Invariant.That(leaf != FrameNumber.None, "an entry that moves is there", slot.Value);
        ref SwapEntry place = ref EntryAt(leaf, slot);
        Invariant.That(place == expected, "an entry that moves is the expected one", slot.Value);
        place = entry;
    }

    /// <summary>Empties a slot, and remembers what it has seen.</summary>
    /// <param name="area">The area.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="seen">The generation of whatever empties it; that of the page counts too.</param>
    /// <param name="isOwn">
    /// Whether the slot is known to be empty from now on; if not, it is as empty as if nothing was known of it.
    /// </param>
    /// <returns>The entry that was there, empty if there was none.</returns>
    public SwapEntry Remove(AreaId area, Slot slot, Generation seen, bool isOwn = true)
    {
        uint cell = Find(area, slot.Slab);
        if (cell == NoSlab)
        {
            Raise(area, seen);
            return default;
        }

        int leaf = LeafOf(slot);
        ref SlabLeaves slab = ref Slab(cell);
        if (slab.Frame(leaf) == FrameNumber.None)
        {
            slab.Raise(seen);
            return default;
        }

        ref SwapEntry place = ref EntryAt(slab.Frame(leaf), slot);
        SwapEntry old = place;
        if (!old.IsEmpty || seen.IsNewerThan(old.Generation))
        {
            place = SwapEntry.Tombstone(seen.IsNewerThan(old.Generation) ? seen : old.Generation);
            place = isOwn ? place : SwapEntry.Floor(place.Generation);
        }

        if (!old.IsEmpty)
        {
            Count--;
            if (slab.EntryRemoved(leaf))
            {
                slab.Raise(NewestOf(slab.Frame(leaf)));
                frames.Return(slab.RemoveLeaf(leaf));
                _leaves--;
                RemoveSlabIfEmpty(area, slot.Slab, cell);
            }
        }

        return old;
    }

    /// <summary>
    /// Remembers that all slots of a run of slabs have seen a generation, where there is no entry for it to stand in.
    /// </summary>
    /// <param name="area">The area.</param>
    /// <param name="firstSlab">The first slab.</param>
    /// <param name="lastSlab">The last one.</param>
    /// <param name="seen">The generation.</param>
    public void RaiseFloors(AreaId area, uint firstSlab, uint lastSlab, Generation seen)
    {
        List<uint> slabs = [];
        ListSlabs(area, firstSlab, lastSlab, slabs);
        foreach (uint slab in slabs)
        {
            Slab(Find(area, slab)).Raise(seen);
        }

        Raise(area, seen);
    }

    /// <summary>Forgets what the slots of an area have seen, if it holds no page.</summary>
    public void Forget(AreaId area)
    {
        if (_areas.TryGetValue(area, out AreaSlabs? slabs) && slabs.Cells.Count == 0)
        {
            _areas.Remove(area);
        }
    }

    /// <summary>Pages of an area.</summary>
    public long CountOf(AreaId area)
    {
        long pages = 0;
        if (_areas.TryGetValue(area, out AreaSlabs? slabs))
        {
            foreach (uint cell in slabs.Cells.Values)
            {
                for (int leaf = 0; leaf < SlabLeaves.Leaves; leaf++)
                {
                    pages += Slab(cell).Stored(leaf);
                }
            }
        }

        return pages;
    }

    /// <summary>
    /// Lists the slabs of an area that hold entries within a range; costs no more than the fewer of both.
    /// </summary>
    public void ListSlabs(AreaId area, uint firstSlab, uint lastSlab, List<uint> slabs)
    {
        if (!_areas.TryGetValue(area, out AreaSlabs? known))
        {
            return;
        }

        Dictionary<uint, uint> all = known.Cells;

        if (lastSlab - firstSlab < all.Count)
        {
            for (uint slab = firstSlab; slab <= lastSlab; slab++)
            {
                if (all.ContainsKey(slab))
                {
                    slabs.Add(slab);
                }
            }

            return;
        }

        foreach (uint slab in all.Keys)
        {
            if (slab >= firstSlab && slab <= lastSlab)
            {
                slabs.Add(slab);
            }
        }
    }

    /// <summary>Finds the leaves of a slab that hold entries: the next one at or after a leaf.</summary>
    /// <returns>The leaf, or <see cref="SlabLeaves.Leaves"/> if there is none.</returns>
    public int NextLeaf(AreaId area, uint slab, int leaf)
    {
        uint cell = Find(area, slab);
        if (cell == NoSlab)
        {
            return SlabLeaves.Leaves;
        }

        ref SlabLeaves leaves = ref Slab(cell);
        while (leaf < SlabLeaves.Leaves && leaves.Stored(leaf) == 0)
        {
            leaf++;
        }

        return leaf;
    }

    /// <summary>Asks the processor to fetch a slot's entry.</summary>
    /// <param name="area">The area.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="leaf">The frame that the entry is in.</param>
    /// <returns>Whether there is a guess.</returns>
    public bool TryPrefetch(AreaId area, Slot slot, out FrameNumber leaf)
    {
        leaf = FrameNumber.None;
        if (!_lately.TryFind(area, slot.Slab, out uint cell)
            || !_slabs.TryGuess(cell, out FrameNumber frame, out int offset)
            || !arena.TryPeek(frame, offset + SlabLeaves.OffsetOf(LeafOf(slot)), out uint number))
        {
            return false;
        }

        leaf = new FrameNumber(number - 1);
        arena.Prefetch(leaf, OffsetOf(slot), SwapEntry.Bytes);
        return true;
    }

    /// <summary>Guesses a slot's entry.</summary>
    public bool TryGuess(FrameNumber leaf, Slot slot, out SwapEntry entry) =>
        arena.TryPeek(leaf, OffsetOf(slot), out entry);

    /// <summary>The areas that were ever used.</summary>
    public void ListAreas(List<AreaId> areas) => areas.AddRange(_areas.Keys);

    private static int LeafOf(Slot slot) => (int)(slot.Value >> SlabLeaves.LeafShift) & (SlabLeaves.Leaves - 1);

    private static int OffsetOf(Slot slot) => (int)(slot.Value & (SlabLeaves.LeafEntries - 1)) * SwapEntry.Bytes;

    internal ref SwapEntry EntryAt(FrameNumber leaf, Slot slot) =>
        ref arena.At<SwapEntry>(leaf, OffsetOf(slot));

    internal ref SlabLeaves Slab(uint cell) => ref _slabs.At<SlabLeaves>(cell);

    internal FrameNumber FindLeaf(AreaId area, Slot slot)
    {
        uint cell = Find(area, slot.Slab);
        return cell == NoSlab ? FrameNumber.None : Slab(cell).Frame(LeafOf(slot));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Find(AreaId area, uint slab)
    {
        return _lately.TryFind(area, slab, out uint last) ? last : FindInAreas(area, slab);
    }

    private uint FindInAreas(AreaId area, uint slab) =>
        _areas.TryGetValue(area, out AreaSlabs? slabs) && slabs.Cells.TryGetValue(slab, out uint cell)
            ? Remember(area, slab, cell)
            : NoSlab;

    private uint Remember(AreaId area, uint slab, uint cell)
    {
        _lately.Add(area, slab, cell);
        return cell;
    }

    private bool TryGetSlab(AreaId area, uint slab, out uint cell)
    {
        cell = Find(area, slab);
        if (cell != NoSlab)
        {
            return true;
        }

        if (!_slabs.TryTake(out cell))
        {
            return false;
        }

        AreaSlabs slabs = SlabsOf(area);
        _slabs[cell].Clear();
        Slab(cell).Raise(slabs.Floor);
        slabs.Cells.Add(slab, cell);
        Remember(area, slab, cell);
        return true;
    }

    internal AreaSlabs SlabsOf(AreaId area)
    {
        ref AreaSlabs? slabs = ref CollectionsMarshal.GetValueRefOrAddDefault(_areas, area, out _);
        return slabs ??= new AreaSlabs();
    }

    private void Raise(AreaId area, Generation seen)
    {
        if (!seen.IsNone)
        {
            SlabsOf(area).Raise(seen);
        }
    }

    private void Fill(FrameNumber leaf, Generation floor)
    {
        if (!floor.IsNone)
        {
            for (ulong place = 0; place < SlabLeaves.LeafEntries; place++)
            {
                EntryAt(leaf, new Slot(place)) = SwapEntry.Floor(floor);
            }
        }
    }

    private Generation NewestOf(FrameNumber leaf)
    {
        Generation newest = default;
        for (ulong place = 0; place < SlabLeaves.LeafEntries; place++)
        {
            Generation seen = EntryAt(leaf, new Slot(place)).Generation;
            newest = seen.IsNewerThan(newest) ? seen : newest;
        }

        return newest;
    }

    private void RemoveSlabIfEmpty(AreaId area, uint slab, uint cell)
    {
        if (!Slab(cell).IsEmpty)
        {
            return;
        }

        AreaSlabs slabs = _areas[area];
        slabs.Raise(Slab(cell).Floor);
        slabs.Cells.Remove(slab);
        _lately.Remove(area, slab);
        _slabs.Give(cell);
    }
}
