using RemoteSwap.Client;
using RemoteSwap.LoadGen.Progress;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>Messages of the shape of a batch, without any effect: what the transport alone allows.</summary>
internal sealed class PingPhase(string title, PingShape shape, TimeSpan duration) : IWorkPhase
{
    /// <inheritdoc/>
    public string Title => title;

    /// <inheritdoc/>
    public TimeSpan? Duration => duration;

    /// <inheritdoc/>
    public bool IsPaced => false;

    /// <inheritdoc/>
    public long CountPages(IEnumerable<SwapWorker> workers) => 0;

    /// <inheritdoc/>
    public async Task RunAsync(SwapWorker worker, PhaseProgress progress)
    {
        TimeProvider clock = worker.Setup.Clock;
        long start = clock.GetTimestamp();
        while (!worker.Setup.Control.IsStopping && clock.GetElapsedTime(start) < duration)
        {
            await worker.PingAsync(shape, progress);
        }
    }
}
