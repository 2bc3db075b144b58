using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// What empty slots of an index have seen, as a drain writes it down and a start brings it back: of areas, of slabs, of
/// leaves, of single slots. Guarded by the shard's lock.
/// </summary>
internal sealed class IndexFloors(SwapIndex index)
{
    /// <summary>What slots of an area without a slab may have seen.</summary>
    public Generation Of(AreaId area) => index.SlabsOf(area).Floor;

    /// <summary>What slots of a slab without a leaf may have seen; the slab is there.</summary>
    public Generation Of(AreaId area, uint slab) => index.Slab(index.SlabsOf(area).Cells[slab]).Floor;

    /// <summary>Raises that of an area.</summary>
    public void Raise(AreaId area, Generation seen) => index.SlabsOf(area).Raise(seen);

    /// <summary>Raises that of a slab, or of its area where the slab is not there.</summary>
    public void Raise(AreaId area, uint slab, Generation seen)
    {
        AreaSlabs slabs = index.SlabsOf(area);
        if (slabs.Cells.TryGetValue(slab, out uint cell))
        {
            index.Slab(cell).Raise(seen);
        }
        else
        {
            slabs.Raise(seen);
        }
    }

    /// <summary>Says what a slot has seen if it is empty, or its slab where the slot has no leaf.</summary>
    public void SetEmpty(AreaId area, Slot slot, SwapEntry entry)
    {
        FrameNumber leaf = index.FindLeaf(area, slot);
        if (leaf == FrameNumber.None)
        {
            Raise(area, slot.Slab, entry.Generation);
        }
        else if (index.EntryAt(leaf, slot).IsEmpty)
        {
            index.EntryAt(leaf, slot) = entry;
        }
    }
}
