using RemoteSwap.Server.Options;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;
using RemoteSwap.Units;

namespace RemoteSwap.Server.Pressure;

/// <summary>
/// Reads once a second how short of memory the system is, has the policy decide, and sets the store's limit: then the
/// shrinker spills down to it, the compactor merges what it can, and free memory goes back without a reserve. Says each
/// change, with its reason and figures, in the log and in the server's statistics.
/// <para>
/// What it is not: a way to lose pages. Where nothing can be spilled the pages stay, and new ones are refused.
/// </para>
/// </summary>
internal sealed partial class PressureService : BackgroundService
{
    private const int Percent = 100;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly PageStore _store;
    private readonly PressureFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger<PressureService> _log;
    private readonly int _floorPercent;
    private readonly PressurePolicy _policy;

    /// <summary>Creates it for a store.</summary>
    public PressureService(
        PageStore store, ValidSettings settings, PressureFiles files, TimeProvider time, ILogger<PressureService> log)
    {
        _store = store;
        _files = files;
        _time = time;
        _log = log;
        _floorPercent = settings.FloorPercent;
        _policy = new PressurePolicy(store.Options.LimitBytes, FloorBytes(settings));
    }

    /// <summary>The limit below which pressure does not bring the server.</summary>
    public static long FloorBytes(ValidSettings settings) =>
        Math.Max(1, settings.Store.LimitBytes / Percent * settings.FloorPercent);

    /// <summary>Reads and acts, once.</summary>
    internal void Tick()
    {
        PressureReading reading = _files.Read();
        long used = _store.Statistics.UsedBytes;
        PressureDecision decision = _policy.Decide(reading, used);
        if (decision.Change == LimitChange.None)
        {
            if (_store.Limit.IsLowered)
            {
                // It may have given up meanwhile, for want of what it can take.
                _store.Shrinker.Wake();
            }

            return;
        }

        _store.Limit.Set(decision.LimitBytes, decision.Reason);
        ByteSize now = new(decision.LimitBytes);
        ByteSize configured = new(_store.Options.LimitBytes);
        switch (decision.Change)
        {
            case LimitChange.Lowered when used > decision.LimitBytes && _store.CanReclaim:
                LogLowered(now, configured, decision.Reason, new ByteSize(used), "the rest is being reclaimed");
                break;
            case LimitChange.Lowered when used > decision.LimitBytes:
                LogLowered(
                    now,
                    configured,
                    decision.Reason,
                    new ByteSize(used),
                    "pages stay, for want of a place to write them to");
                break;
            case LimitChange.Lowered:
                LogLowered(now, configured, decision.Reason, new ByteSize(used), "which is within it");
                break;
            case LimitChange.Raised:
                LogRaised(now, configured);
                break;
            default:
                LogRestored(configured);
                break;
        }
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first page comes: a limit that the group does not allow is known now.
        if (_floorPercent < Percent)
        {
            Tick();
        }

        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_floorPercent == Percent)
        {
            return;
        }

        using PeriodicTimer timer = new(s_interval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Tick();
        }
    }

    [LoggerMessage(
        EventId = LogEvents.LimitLowered,
        Level = LogLevel.Warning,
        Message = "The limit for pages is {Limit} now, of {Configured} configured: {Reason}; "
            + "{Used} are in use, {Then}")]
    private partial void LogLowered(ByteSize limit, ByteSize configured, string reason, ByteSize used, string then);

    [LoggerMessage(
        EventId = LogEvents.LimitRaised,
        Level = LogLevel.Information,
        Message = "The limit for pages is {Limit} again, of {Configured} configured: the pressure has gone")]
    private partial void LogRaised(ByteSize limit, ByteSize configured);

    [LoggerMessage(
        EventId = LogEvents.LimitRestored,
        Level = LogLevel.Information,
        Message = "The limit for pages is {Configured} again, as configured")]
    private partial void LogRestored(ByteSize configured);
}
