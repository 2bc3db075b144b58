using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Hosting;

/// <summary>
/// Looks once a second for what an operator must hear of, and logs each change: a broken invariant, corrupt pages, a
/// full server. The calls that meet these do not log: there may be very many of them.
/// </summary>
internal sealed partial class TroubleService(PageStore store, TimeProvider time, ILogger<TroubleService> log)
    : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, long> _corrupt = new(StringComparer.Ordinal);
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private bool _isFull;

    /// <summary>Looks once.</summary>
    internal void Tick()
    {
        foreach (Tenant tenant in store.Tenants)
        {
            if (tenant.Poison is { } poison && _broken.Add(tenant.Name))
            {
                LogBroken(tenant.Name, poison);
            }

            long corrupt = tenant.CorruptPages;
            if (corrupt > _corrupt.GetValueOrDefault(tenant.Name))
            {
                LogCorrupt(tenant.Name, corrupt);
                _corrupt[tenant.Name] = corrupt;
            }
        }

        bool isFull = store.Statistics.HasReachedLimit;
        if (isFull && !_isFull)
        {
            LogFull();
        }
        else if (_isFull && !isFull)
        {
            LogAccepts();
        }

        _isFull = isFull;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Tick();
        }
    }

    [LoggerMessage(
        EventId = LogEvents.InvariantBroken,
        Level = LogLevel.Critical,
        Message = "Tenant '{Tenant}' is not served any more: an invariant of its pool is broken: {Invariant}")]
    private partial void LogBroken(string tenant, string invariant);

    [LoggerMessage(
        EventId = LogEvents.PagesCorrupt,
        Level = LogLevel.Error,
        Message = "Corrupt pages of tenant '{Tenant}' were found {Times} times since the start; a load of one answers "
            + "CORRUPT, never wrong bytes. Check this machine's memory and the disk of its spill file")]
    private partial void LogCorrupt(string tenant, long times);

    [LoggerMessage(
        EventId = LogEvents.ServerFull,
        Level = LogLevel.Information,
        Message = "The server has reached its limit and refuses new pages until it has fallen to its accept threshold")]
    private partial void LogFull();

    [LoggerMessage(
        EventId = LogEvents.ServerAccepts,
        Level = LogLevel.Information,
        Message = "The server has fallen to its accept threshold and takes new pages again")]
    private partial void LogAccepts();
}
