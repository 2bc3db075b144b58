using RemoteSwap.Store;

namespace RemoteSwap.Server.Hosting;

/// <summary>
/// Has the store's compactor look after half-empty and scattered frames, once a second, for the life of the server.
/// </summary>
internal sealed class CompactService(PageStore store, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await store.Compactor.TickAsync(stoppingToken);
        }
    }
}
