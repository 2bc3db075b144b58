using Microsoft.Extensions.Diagnostics.HealthChecks;
using RemoteSwap.Server.Hosting;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Management;

/// <summary>Collects what the console asks for. Nothing is collected while nobody asks.</summary>
internal sealed class ConsolePoll(
    PageStore store,
    HealthCheckService health,
    IHostApplicationLifetime lifetime,
    LatencyWatch latency,
    TimeProvider time)
{
    private const double MicrosecondsPerSecond = 1e6;

    private readonly FrameSurvey _survey = new(store);

    /// <summary>The figures of now.</summary>
    public async Task<ConsoleFigures> FiguresAsync(CancellationToken cancellation)
    {
        HealthReport report = await health.CheckHealthAsync(cancellation);
        ConsoleServer server = ConsoleServer.Of(store.Statistics);
        ConsoleTenant[] tenants = [.. store.Tenants.Select(tenant => ConsoleTenant.Of(new TenantStatistics(tenant)))];
        long taken = time.GetTimestamp();
        DateTimeOffset now = time.GetUtcNow();
        return new ConsoleFigures(
            now,
            (long)(taken * (MicrosecondsPerSecond / time.TimestampFrequency)),
            $"{store.Incarnation.Value:x16}",
            ProductVersion.Text,
            ConsoleState.Of(
                lifetime.ApplicationStopping.IsCancellationRequested,
                server,
                tenants,
                report.Status.ToString(),
                report.Entries.Values.Select(entry => entry.Description).OfType<string>()),
            server,
            ConsoleTenant.Sum(tenants),
            [.. tenants.OrderByDescending(tenant => tenant.UsedBytes).Take(ConsoleFigures.MaxTenants)],
            Math.Max(0, tenants.Length - ConsoleFigures.MaxTenants),
            latency.Look(),
            [.. store.Refusals.Latest().Select(refused => ConsoleRefusal.Of(refused, now))]);
    }

    /// <summary>A part of the map of frames.</summary>
    /// <param name="region">See <see cref="ConsoleFrames"/>.</param>
    /// <param name="tenant">Whose frames are told apart; null: everybody's.</param>
    /// <param name="from">The first frame.</param>
    /// <param name="count">How many; null: to the end of what is in use.</param>
    /// <param name="cells">The most blocks.</param>
    public ConsoleFrames Frames(string region, Tenant? tenant, long from, long? count, int cells)
    {
        string name = tenant?.Name ?? "";
        if (region == ConsoleFrames.Spill)
        {
            long places = store.Statistics.SpillLimitBytes / Pool.FrameArena.FrameBytes;
            return ConsoleFrames.Of(region, "", places, _survey.LookSpilled(from, count ?? places, cells));
        }

        long end = _survey.EndInUse;
        return ConsoleFrames.Of(region, name, end, _survey.Look(tenant, from, count ?? (end - from), cells));
    }
}
