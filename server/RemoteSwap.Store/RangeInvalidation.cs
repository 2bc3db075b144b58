namespace RemoteSwap.Store;

/// <summary>
/// Forgets the pages of a range of slots. It visits only slabs and leaves that hold something, and holds a shard's lock
/// for one leaf (256 slots) at a time, so a range costs what is stored in it and stalls nobody.
/// </summary>
internal static class RangeInvalidation
{
    /// <summary>Forgets the pages from one slot to another, both included.</summary>
    /// <returns>Pages forgotten.</returns>
    /// <exception cref="OperationCanceledException">Cancelled between two slabs; what went by then is gone.</exception>
    public static long Run(
        Tenant tenant, AreaId area, ulong first, ulong last, Generation generation, CancellationToken cancellation)
    {
        long gone = 0;
        List<uint> slabs = [];
        foreach (Shard shard in tenant.Shards)
        {
            slabs.Clear();
            lock (shard.Gate)
            {
                shard.Index.ListSlabs(area, new Slot(first).Slab, new Slot(last).Slab, slabs);
            }

            foreach (uint slab in slabs)
            {
                cancellation.ThrowIfCancellationRequested();
                gone += RunSlab(shard, area, slab, first, last, generation);
            }
        }

        return gone;
    }

    private static long RunSlab(Shard shard, AreaId area, uint slab, ulong first, ulong last, Generation generation)
    {
        long gone = 0;
        ulong slabSlot = (ulong)slab << Slot.SlabShift;
        for (int leaf = 0; leaf < SlabLeaves.Leaves; leaf++)
        {
            lock (shard.Gate)
            {
                leaf = shard.Index.NextLeaf(area, slab, leaf);
            }

            if (leaf < SlabLeaves.Leaves)
            {
                ulong leafSlot = slabSlot + ((ulong)leaf << SlabLeaves.LeafShift);
                gone += shard.InvalidateLeaf(area, leafSlot, first, last, generation);
            }
        }

        return gone;
    }
}
