using RemoteSwap.Store;

namespace RemoteSwap.Server.Hosting;

/// <summary>Runs the store's shrinker for the life of the server.</summary>
internal sealed class ShrinkerService(PageStore store) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => store.Shrinker.RunAsync(stoppingToken);
}
