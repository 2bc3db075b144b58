namespace RemoteSwap.Store;

/// <summary>
/// Forgets the pages of a range of slots. It visits only slabs and leaves that hold something, and holds a shard's lock
/// for one leaf (256 slots) at a time, so a range costs what is stored in it and stalls nobody.
/// </summary>
internal static class RangeInvalidation
{
    /// <summary>Forgets the pages from one slot to another, both included.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two slabs; what went by then is gone.</exception>
    public static InvalidatedPages Run(
        Tenant tenant,
        in AreaClaim claim,
        AreaId area,
        ulong first,
        ulong last,
        Generation generation,
        CancellationToken cancellation)
    {
        long gone = 0;
        List<uint> slabs = [];
        uint firstSlab = new Slot(first).Slab;
        uint lastSlab = new Slot(last).Slab;
        foreach (Shard shard in ShardsOf(tenant, area, firstSlab, lastSlab))
        {
            if (!shard.TryBeginRange(in claim, area, firstSlab, lastSlab, generation))
            {
                return new InvalidatedPages(InvalidateOutcome.Fenced, gone);
            }

            slabs.Clear();
            lock (shard.Gate)
            {
                shard.Index.ListSlabs(area, firstSlab, lastSlab, slabs);
            }

            foreach (uint slab in slabs)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!TryRunSlab(shard, in claim, area, slab, first, last, generation, ref gone))
                {
                    return new InvalidatedPages(InvalidateOutcome.Fenced, gone);
                }
            }
        }

        return new InvalidatedPages(InvalidateOutcome.Invalidated, gone);
    }

    private static Shard[] ShardsOf(Tenant tenant, AreaId area, uint firstSlab, uint lastSlab)
    {
        if (lastSlab - firstSlab >= (uint)tenant.Shards.Length)
        {
            return tenant.Shards.ToArray();
        }

        HashSet<Shard> shards = [];
        for (uint slab = firstSlab; slab <= lastSlab; slab++)
        {
            shards.Add(tenant.Shards[tenant.ShardNumber(area, slab)]);
        }

        return [.. shards];
    }

    private static bool TryRunSlab(
        Shard shard,
        in AreaClaim claim,
        AreaId area,
        uint slab,
        ulong first,
        ulong last,
        Generation generation,
        ref long gone)
    {
        foreach (Slot leaf in LeafWalk.Of(shard, area, slab))
        {
            int pages = shard.InvalidateLeaf(in claim, area, leaf.Value, first, last, generation);
            if (pages < 0)
            {
                return false;
            }

            gone += pages;
        }

        return true;
    }
}
