using RemoteSwap.LoadGen.Progress;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>Loads some slots of an area that was emptied: every one must be empty.</summary>
internal sealed class EmptyCheckPhase : IWorkPhase
{
    /// <inheritdoc/>
    public string Title => "check that the area is empty";

    /// <inheritdoc/>
    public TimeSpan? Duration => null;

    /// <inheritdoc/>
    public bool IsPaced => false;

    /// <inheritdoc/>
    public long CountPages(IEnumerable<SwapWorker> workers) => workers.Sum(worker => (long)SlotsOf(worker));

    /// <inheritdoc/>
    public async Task RunAsync(SwapWorker worker, PhaseProgress progress)
    {
        if (worker.Setup.Control.IsStopping)
        {
            return;
        }

        int count = SlotsOf(worker);
        for (int i = 0; i < count; i++)
        {
            worker.StageLoad((int)((long)i * worker.Setup.Plan.Slots / count));
        }

        await worker.LoadStagedAsync(progress);
    }

    private static int SlotsOf(SwapWorker worker) => Math.Min(worker.Setup.BatchPages, worker.Setup.Plan.Slots);
}
