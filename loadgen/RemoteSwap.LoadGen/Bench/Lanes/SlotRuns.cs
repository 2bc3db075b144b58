using RemoteSwap.LoadGen.Bench.Cases;

namespace RemoteSwap.LoadGen.Bench.Lanes;

/// <summary>How a working set is cut into runs of slots, so that several callers fill it together.</summary>
internal static class SlotRuns
{
    /// <summary>The runs of one of the callers.</summary>
    /// <param name="job">The working set, the callers and the pages of a call.</param>
    /// <param name="caller">Which caller, from 0.</param>
    /// <returns>Area (counted over all tenants), first slot, slots.</returns>
    public static IEnumerable<(int Place, ulong First, int Count)> Of(WorkJob job, int caller)
    {
        long slots = SlotPicker.SlotsOfPlace(job);
        long runsOfPlace = (slots + job.Batch - 1) / job.Batch;
        long runs = runsOfPlace * job.Tenants * job.Areas;
        for (long run = caller; run < runs; run += job.Callers)
        {
            long first = run % runsOfPlace * job.Batch;
            yield return ((int)(run / runsOfPlace), (ulong)first, (int)Math.Min(job.Batch, slots - first));
        }
    }
}
