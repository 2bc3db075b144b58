using RemoteSwap.LoadGen.Progress;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>Swaps all pages out, slot after slot.</summary>
internal sealed class StorePhase : IWorkPhase
{
    /// <inheritdoc/>
    public string Title => "swap out";

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
        for (int page = 0; page < setup.Plan.Pages && !setup.Control.IsStopping; page++)
        {
            worker.StageStore(setup.Plan.SlotOf(page), setup.SourceOf(page));
            if (worker.Staged == setup.BatchPages || page == setup.Plan.Pages - 1)
            {
                await worker.StoreStagedAsync(progress);
            }
        }
    }
}
