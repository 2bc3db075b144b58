using Microsoft.Extensions.Diagnostics.HealthChecks;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Hosting;

/// <summary>Not healthy while a tenant's pool is broken, or once the server is shutting down.</summary>
internal sealed class StoreHealth(PageStore store, IHostApplicationLifetime lifetime) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("the server is shutting down"));
        }

        Tenant? broken = store.Tenants.FirstOrDefault(tenant => tenant.Poison is not null);
        return Task.FromResult(broken is null
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"tenant '{broken.Name}': {broken.Poison}"));
    }
}
