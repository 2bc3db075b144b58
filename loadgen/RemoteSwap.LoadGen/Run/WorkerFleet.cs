using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Sources;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Run;

/// <summary>Makes the workers of a run: each tenant has its own, each worker its own slots.</summary>
internal static class WorkerFleet
{
    /// <summary>Makes workers.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="links">The tenants.</param>
    /// <param name="corpus">The source pages.</param>
    /// <param name="pagesOfTenant">Pages that each tenant swaps out.</param>
    /// <param name="slotsOfTenant">Slots of each tenant's area, at least its pages.</param>
    /// <param name="random">Gives each worker its random numbers.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="control">Says when to end early.</param>
    public static IReadOnlyList<SwapWorker> Create(
        LoadOptions options,
        IReadOnlyList<TenantLink> links,
        PageCorpus corpus,
        long pagesOfTenant,
        long slotsOfTenant,
        SeededRandom random,
        TimeProvider clock,
        RunControl control)
    {
        int[] order = new int[corpus.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        // Kinds are mixed, as in a machine's memory: neighbours in a frame are not all of one kind.
        random.Shuffle<int>(order);

        List<SwapWorker> workers = [];
        for (int tenant = 0; tenant < links.Count; tenant++)
        {
            long firstPage = tenant * pagesOfTenant;
            foreach (SlotPlan plan in SlotPlan.Cut(slotsOfTenant, pagesOfTenant, options.Workers, firstPage))
            {
                workers.Add(new SwapWorker(new WorkerSetup(
                    links[tenant].Tenant,
                    plan,
                    links[tenant].Target,
                    corpus,
                    order,
                    options.BatchPages,
                    random.Fork(),
                    clock,
                    control)));
            }
        }

        return workers;
    }
}
