using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Hosting;

/// <summary>When the server is asked to stop, new pages are refused at once, while running calls finish.</summary>
internal sealed class DrainService(PageStore store, IHostApplicationLifetime lifetime, LifeLog log) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(Begin);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Begin()
    {
        store.BeginDrain();
        log.Stopping();
    }
}
