using RemoteSwap.LoadGen.Progress;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>Swaps all pages in, in a random order, and compares every byte.</summary>
internal sealed class LoadPhase : IWorkPhase
{
    /// <inheritdoc/>
    public string Title => "swap in";

    /// <inheritdoc/>
    public TimeSpan? Duration => null;

    /// <inheritdoc/>
    public bool IsPaced => true;

    /// <inheritdoc/>
    public long CountPages(IEnumerable<SwapWorker> workers) => workers.Sum(worker => (long)worker.Setup.Plan.Pages);

    /// <inheritdoc/>
    public async Task RunAsync(SwapWorker worker, PhaseProgress progress)
    {
        WorkerSetup setup = worker.Setup;
        int[] order = new int[setup.Plan.Pages];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        setup.Random.Shuffle<int>(order);
        for (int i = 0; i < order.Length && !setup.Control.IsStopping; i++)
        {
            worker.StageLoad(setup.Plan.SlotOf(order[i]));
            if (worker.Staged == setup.BatchPages || i == order.Length - 1)
            {
                await worker.LoadStagedAsync(progress);
            }
        }
    }
}
