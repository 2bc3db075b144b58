using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Hosting;

/// <summary>
/// Lets the store's scrubber go on, ten times a second, for the life of the server. A failure is logged and the next
/// pass tries again: a server without its scrubber still checks every page that it is asked for.
/// </summary>
internal sealed partial class ScrubService(PageStore store, TimeProvider time, ILogger<ScrubService> log)
    : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private long _last = time.GetTimestamp();

    /// <summary>Scrubs for the time since the last call.</summary>
    internal async Task TickAsync(CancellationToken cancellation)
    {
        long now = time.GetTimestamp();
        TimeSpan elapsed = time.GetElapsedTime(_last, now);
        _last = now;
        try
        {
            await store.Scrubber.ScrubAsync(elapsed, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogFailure(failure);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store.Options.ScrubBytesPerSecond == 0)
        {
            return;
        }

        using PeriodicTimer timer = new(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TickAsync(stoppingToken);
        }
    }

    [LoggerMessage(
        EventId = LogEvents.ScrubberFailed,
        Level = LogLevel.Warning,
        Message = "The scrubber failed; its next pass begins anew")]
    private partial void LogFailure(Exception failure);
}
