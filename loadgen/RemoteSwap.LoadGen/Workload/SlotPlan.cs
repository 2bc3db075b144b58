using System.Runtime.InteropServices;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>The slots that one worker owns, and how many pages it swaps out into them.</summary>
/// <param name="FirstSlot">The first slot in the area.</param>
/// <param name="Slots">Slots, at least 1.</param>
/// <param name="Pages">Pages, 0 to <paramref name="Slots"/>, spread evenly over the slots.</param>
/// <param name="FirstPage">Number of the worker's first page among the run's pages.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SlotPlan(ulong FirstSlot, int Slots, int Pages, long FirstPage)
{
    /// <summary>The slot, counted from the first, of one of the worker's pages.</summary>
    /// <param name="page">0 to <see cref="Pages"/> - 1.</param>
    public int SlotOf(int page) => (int)((long)page * Slots / Pages);

    /// <summary>Cuts an area among workers; every slot has one owner.</summary>
    /// <param name="slots">Slots of the area.</param>
    /// <param name="pages">Pages to swap out, at most <paramref name="slots"/>.</param>
    /// <param name="workers">Workers; as many plans come back, or fewer if there are not as many slots.</param>
    /// <param name="firstPage">Number of the area's first page among the run's pages.</param>
    public static IReadOnlyList<SlotPlan> Cut(long slots, long pages, int workers, long firstPage)
    {
        int owners = (int)Math.Min(workers, slots);
        SlotPlan[] plans = new SlotPlan[owners];
        for (int i = 0; i < owners; i++)
        {
            long first = slots * i / owners;
            long pageStart = pages * i / owners;
            plans[i] = new SlotPlan(
                (ulong)first,
                checked((int)((slots * (i + 1) / owners) - first)),
                checked((int)((pages * (i + 1) / owners) - pageStart)),
                firstPage + pageStart);
        }

        return plans;
    }
}
