using RemoteSwap.Store;

namespace RemoteSwap.Server.Hosting;

/// <summary>When the server is asked to stop, new pages are refused at once, while running calls finish.</summary>
internal sealed class DrainService(PageStore store, IHostApplicationLifetime lifetime) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(store.BeginDrain);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
