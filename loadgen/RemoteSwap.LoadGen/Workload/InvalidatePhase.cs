using RemoteSwap.LoadGen.Progress;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>Empties each tenant's area with one call. Runs also after Ctrl-C: nothing is left behind.</summary>
internal sealed class InvalidatePhase : IWorkPhase
{
    /// <inheritdoc/>
    public string Title => "empty the area";

    /// <inheritdoc/>
    public TimeSpan? Duration => null;

    /// <inheritdoc/>
    public bool IsPaced => false;

    /// <inheritdoc/>
    public long CountPages(IEnumerable<SwapWorker> workers) => workers.Sum(worker => (long)worker.Setup.Plan.Pages);

    /// <inheritdoc/>
    public async Task RunAsync(SwapWorker worker, PhaseProgress progress)
    {
        // The owner of the area's first slot acts for all.
        if (worker.Setup.Plan.FirstSlot == 0)
        {
            await worker.InvalidateAllAsync(progress);
        }
    }
}
