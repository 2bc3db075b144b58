using RemoteSwap.Store;

namespace RemoteSwap.Server.Hosting;

/// <summary>
/// Gives free memory back to the system, once a second. When most of the pages' memory has gone back, the managed heap
/// is collected too: calls that filled and emptied the store leave garbage behind, and a server without calls never
/// collects it. The cost is one short pause for each time that the store's memory falls by half.
/// </summary>
internal sealed class TrimService(PageStore store, TimeProvider time) : BackgroundService
{
    // Less than this is not worth a pause.
    private const long LeastPeakBytes = 128L << 20;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private long _peakBytes;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await store.Compactor.TrimAsync();
            if (HasFallenByHalf(store.Statistics.CommittedBytes))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
    }

    private bool HasFallenByHalf(long committedBytes)
    {
        _peakBytes = Math.Max(_peakBytes, committedBytes);
        if (_peakBytes < LeastPeakBytes || committedBytes > _peakBytes / 2)
        {
            return false;
        }

        _peakBytes = committedBytes;
        return true;
    }
}
