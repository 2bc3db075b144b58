using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Index A of a shard: from (area, slot) to entry. A radix tree: area, slab, leaf, place. Leaves are frames of the arena
/// (256 entries of 16 bytes), so a million pages are 16 MB that the garbage collector never sees, and an area that is
/// emptied gives its memory back leaf by leaf.
/// <para>
/// Entries go in and come out by value; nothing outside holds a reference into a leaf. An entry that is put over another
/// returns the other, for the caller to free: new first, then switch, then free (KERNEL R4).
/// </para>
/// <para>Guarded by the shard's lock.</para>
/// </summary>
internal sealed class SwapIndex(FrameArena arena, IFrameSource frames)
{
    private readonly Dictionary<AreaId, Dictionary<uint, SlabLeaves>> _areas = [];

    // The slab that was looked up last; a batch is mostly within one.
    private AreaId _lastArea;
    private uint _lastSlab;
    private SlabLeaves? _last;

    /// <summary>Entries stored.</summary>
    public long Count { get; private set; }

    /// <summary>Frames that the leaves occupy.</summary>
    public int FrameCount { get; private set; }

    /// <summary>The entry of a slot; an empty one if there is none.</summary>
    public SwapEntry this[AreaId area, Slot slot]
    {
        get
        {
            SlabLeaves? slab = Find(area, slot.Slab);
            if (slab is null)
            {
                return default;
            }

            FrameNumber leaf = slab.Frame(LeafOf(slot));
            return leaf == FrameNumber.None ? default : EntryAt(leaf, slot);
        }
    }

    /// <summary>Puts an entry into a slot.</summary>
    /// <param name="area">The area.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="entry">The entry; not empty.</param>
    /// <param name="old">The entry that was there.</param>
    /// <returns>Whether there was memory for it; if not, the slot was empty and still is.</returns>
    public bool TryPublish(AreaId area, Slot slot, SwapEntry entry, out SwapEntry old)
    {
        old = default;
        int leaf = LeafOf(slot);
        SlabLeaves? slab = Find(area, slot.Slab);
        if (slab is null || slab.Frame(leaf) == FrameNumber.None)
        {
            if (!frames.TryTake(out FrameNumber frame))
            {
                return false;
            }

            arena[frame].Clear();
            slab ??= AddSlab(area, slot.Slab);
            slab.AddLeaf(leaf, frame);
            FrameCount++;
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
        SlabLeaves? slab = Find(area, slot.Slab);
        Invariant.That(slab is not null && slab.Frame(LeafOf(slot)) != FrameNumber.None, "an entry that moves is there", slot.Value);
        ref SwapEntry place = ref EntryAt(slab.Frame(LeafOf(slot)), slot);
        Invariant.That(place == expected, "an entry that moves is the expected one", slot.Value);
        place = entry;
    }

    /// <summary>Empties a slot.</summary>
    /// <returns>The entry that was there.</returns>
    public SwapEntry Remove(AreaId area, Slot slot)
    {
        SlabLeaves? slab = Find(area, slot.Slab);
        int leaf = LeafOf(slot);
        if (slab is null || slab.Frame(leaf) == FrameNumber.None)
        {
            return default;
        }

        ref SwapEntry place = ref EntryAt(slab.Frame(leaf), slot);
        SwapEntry old = place;
        if (old.IsEmpty)
        {
            return old;
        }

        place = default;
        Count--;
        if (slab.EntryRemoved(leaf))
        {
            frames.Return(slab.RemoveLeaf(leaf));
            FrameCount--;
            if (slab.LeafCount == 0)
            {
                RemoveSlab(area, slot.Slab);
            }
        }

        return old;
    }

    /// <summary>Lists the slabs of an area that hold entries within a range; costs no more than the fewer of both.</summary>
    public void ListSlabs(AreaId area, uint firstSlab, uint lastSlab, List<uint> slabs)
    {
        if (!_areas.TryGetValue(area, out Dictionary<uint, SlabLeaves>? all))
        {
            return;
        }

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
        SlabLeaves? leaves = Find(area, slab);
        if (leaves is null)
        {
            return SlabLeaves.Leaves;
        }

        while (leaf < SlabLeaves.Leaves && leaves.Stored(leaf) == 0)
        {
            leaf++;
        }

        return leaf;
    }

    /// <summary>The areas that hold entries.</summary>
    public void ListAreas(List<AreaId> areas) => areas.AddRange(_areas.Keys);

    private static int LeafOf(Slot slot) => (int)(slot.Value >> SlabLeaves.LeafShift) & (SlabLeaves.Leaves - 1);

    private ref SwapEntry EntryAt(FrameNumber leaf, Slot slot) =>
        ref MemoryMarshal.Cast<byte, SwapEntry>(arena[leaf])[(int)slot.Value & (SlabLeaves.LeafEntries - 1)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SlabLeaves? Find(AreaId area, uint slab)
    {
        if (_last is not null && _lastSlab == slab && _lastArea == area)
        {
            return _last;
        }

        return _areas.TryGetValue(area, out Dictionary<uint, SlabLeaves>? slabs) && slabs.TryGetValue(slab, out SlabLeaves? found)
            ? Remember(area, slab, found)
            : null;
    }

    private SlabLeaves Remember(AreaId area, uint slab, SlabLeaves leaves)
    {
        _lastArea = area;
        _lastSlab = slab;
        _last = leaves;
        return leaves;
    }

    private SlabLeaves AddSlab(AreaId area, uint slab)
    {
        ref Dictionary<uint, SlabLeaves>? slabs = ref CollectionsMarshal.GetValueRefOrAddDefault(_areas, area, out _);
        slabs ??= [];
        SlabLeaves leaves = new();
        slabs.Add(slab, leaves);
        return Remember(area, slab, leaves);
    }

    private void RemoveSlab(AreaId area, uint slab)
    {
        _last = null;
        Dictionary<uint, SlabLeaves> slabs = _areas[area];
        slabs.Remove(slab);
        if (slabs.Count == 0)
        {
            _areas.Remove(area);
        }
    }
}
