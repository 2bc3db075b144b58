using Microsoft.Extensions.Diagnostics.HealthChecks;
using RemoteSwap.Server.Options;
using RemoteSwap.Store;
using RemoteSwap.Units;

namespace RemoteSwap.Server.Hosting;

/// <summary>
/// Not healthy while a tenant's pool is broken, or once the server is shutting down. Degraded from the first corrupt
/// page on: pages are served still, and none of them wrong, so both health protocols go on saying so. A limit that was
/// lowered because memory is short, or a port that is open to others, is healthy and said: the server does what it is
/// for, and a restart would lose pages.
/// </summary>
internal sealed class StoreHealth(PageStore store, SecurityOptions security, IHostApplicationLifetime lifetime)
    : IHealthCheck
{
    // More tenants than these say nothing new: it is the machine then.
    private const int MaxNamed = 8;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("the server is shutting down");
        }

        Tenant? broken = store.Tenants.FirstOrDefault(tenant => tenant.Poison is not null);
        if (broken is not null)
        {
            return HealthCheckResult.Unhealthy($"tenant '{broken.Name}': {broken.Poison}");
        }

        string[] corrupt =
        [
            .. from tenant in store.Tenants
               let found = tenant.CorruptPages
               where found > 0
               select $"tenant '{tenant.Name}': corrupt pages were found {found} times since the start",
        ];
        return corrupt.Length == 0
            ? Fit()
            : HealthCheckResult.Degraded(
                $"{string.Join("; ", corrupt.Take(MaxNamed))}. A load of one answers CORRUPT, never wrong bytes. Check "
                + "this machine's memory and the disk of its spill file, move its clients to another server, and start "
                + "it anew; /admin/check?deep=true names the slots that are in memory");
    }

    private HealthCheckResult Fit()
    {
        StoreStatistics now = store.Statistics;
        string[] said =
        [
            .. security.Insecure.Select(danger => $"INSECURE: {danger}"),
            .. now.LimitReason.Length == 0 ? (string[])[] :
            [
                $"the limit for pages is {new ByteSize(now.LimitBytes)} of {new ByteSize(now.ConfiguredLimitBytes)}: "
                    + now.LimitReason,
            ],
        ];
        return HealthCheckResult.Healthy(said.Length == 0 ? null : string.Join("; ", said));
    }
}
