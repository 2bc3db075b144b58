namespace RemoteSwap.Store;

/// <summary>
/// The leaves of a shard that hold pages: area by area, slab by slab. An enumerator of it is a cursor that may be
/// kept for as long as one likes.
/// <para>
/// What it is not: a snapshot. Leaves come and go while it is under way: one that was there all the time comes once,
/// one that came or went meanwhile may be left out. Areas and slabs are listed when their turn begins.
/// </para>
/// <para>Takes the shard's lock for each step and holds none in between; a caller may hold it already.</para>
/// </summary>
internal static class LeafWalk
{
    public static IEnumerable<(AreaId Area, Slot First)> Of(Shard shard)
    {
        List<AreaId> areas = [];
        List<uint> slabs = [];
        lock (shard.Gate)
        {
            shard.Index.ListAreas(areas);
        }

        foreach (AreaId area in areas)
        {
            slabs.Clear();
            lock (shard.Gate)
            {
                shard.Index.ListSlabs(area, 0, uint.MaxValue, slabs);
            }

            foreach (Slot first in slabs.SelectMany(slab => Of(shard, area, slab)))
            {
                yield return (area, first);
            }
        }
    }

    /// <summary>The leaves of one slab, each by its first slot.</summary>
    public static IEnumerable<Slot> Of(Shard shard, AreaId area, uint slab)
    {
        for (int leaf = Next(shard, area, slab, 0);
            leaf < SlabLeaves.Leaves;
            leaf = Next(shard, area, slab, leaf + 1))
        {
            yield return new Slot(((ulong)slab << Slot.SlabShift) + ((ulong)leaf << SlabLeaves.LeafShift));
        }
    }

    private static int Next(Shard shard, AreaId area, uint slab, int leaf)
    {
        lock (shard.Gate)
        {
            return shard.Index.NextLeaf(area, slab, leaf);
        }
    }
}
