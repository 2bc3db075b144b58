using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Hosting;

/// <summary>
/// Looks once a second whether the owners of areas are alive. A look that comes late, because the server stood still,
/// counts as one second all the same: nobody could be heard meanwhile. The ages of frames are counted likewise.
/// </summary>
internal sealed partial class AreaSweepService(PageStore store, TimeProvider time, ILogger<AreaSweepService> log)
    : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            store.Ages.Pass(s_interval);
            try
            {
                store.Owners.Sweep(s_interval);
            }
            catch (IOException failure)
            {
                LogFailure(failure);
            }
        }
    }

    [LoggerMessage(
        EventId = LogEvents.AreaNotEnded,
        Level = LogLevel.Warning,
        Message = "An abandoned area is kept: its end cannot be written to State:Folder; the next look tries again")]
    private partial void LogFailure(Exception failure);
}
