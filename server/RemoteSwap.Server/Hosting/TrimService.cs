using RemoteSwap.Store;

namespace RemoteSwap.Server.Hosting;

/// <summary>Gives free memory back to the system, once a second.</summary>
internal sealed class TrimService(PageStore store, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            store.Trim();
        }
    }
}
