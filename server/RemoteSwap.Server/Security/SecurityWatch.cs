using RemoteSwap.Server.Access;
using RemoteSwap.Server.Telemetry;

namespace RemoteSwap.Server.Security;

/// <summary>
/// Looks once a second whether certificates or tokens have changed, each ten seconds whether streams may go on, and
/// logs what an operator must hear of. Refused calls are logged together, ten seconds of them at a time: whoever tries
/// tokens does not fill a disk.
/// </summary>
internal sealed partial class SecurityWatch(
    CredentialStore store,
    StreamGuard guard,
    AccessPolicy policy,
    TimeProvider time,
    ILogger<SecurityWatch> log) : BackgroundService
{
    private const int TicksARound = 10;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_notice = TimeSpan.FromDays(14);

    private readonly long[] _logged = new long[AccessPolicy.Reasons.Count];
    private DateTimeOffset? _announcedEnd;
    private int _ticks;

    /// <summary>Looks once.</summary>
    internal void Tick()
    {
        bool hasChanged = Reload();
        if (_ticks++ % TicksARound != 0 && !hasChanged)
        {
            return;
        }

        int ended = guard.Look();
        if (ended > 0)
        {
            LogEnded(ended);
        }

        SayRefused();
        SayCertificateEnds();
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

    private bool Reload()
    {
        if (store.Look() is not { } reload)
        {
            return false;
        }

        if (reload.Problem is { } problem)
        {
            LogNotReloaded(reload.Files, problem);
            return false;
        }

        LogReloaded(reload.Files);
        return true;
    }

    private void SayRefused()
    {
        List<string> counts = [];
        foreach ((AccessReason reason, int at) in AccessPolicy.Reasons.Select((reason, at) => (reason, at)))
        {
            long refused = policy.Refused(reason);
            if (refused > _logged[at])
            {
                counts.Add($"{refused - _logged[at]} {AccessReasons.NameOf(reason)}");
                _logged[at] = refused;
            }
        }

        if (counts.Count > 0)
        {
            LogRefused(string.Join(", ", counts), policy.Last);
        }
    }

    private void SayCertificateEnds()
    {
        DateTimeOffset? end = store.Current.ServerCertificateEnd;
        if (end is { } soon && soon - time.GetUtcNow() < s_notice && _announcedEnd != end)
        {
            _announcedEnd = end;
            LogCertificateEnds(soon);
        }
    }

    [LoggerMessage(
        EventId = LogEvents.CredentialsReloaded,
        Level = LogLevel.Information,
        Message = "Changed files are in force: {Files}")]
    private partial void LogReloaded(string files);

    [LoggerMessage(
        EventId = LogEvents.CredentialsNotReloaded,
        Level = LogLevel.Error,
        Message = "Changed files are not used, what was in force stays: {Files}: {Problems}")]
    private partial void LogNotReloaded(string files, string problems);

    [LoggerMessage(
        EventId = LogEvents.CallsRefused,
        Level = LogLevel.Warning,
        Message = "Calls were refused: {Reasons}; the last one: {Last}")]
    private partial void LogRefused(string reasons, string last);

    [LoggerMessage(
        EventId = LogEvents.StreamsEnded,
        Level = LogLevel.Information,
        Message = "{Streams} streams end: their tokens or certificates do not count any more")]
    private partial void LogEnded(int streams);

    [LoggerMessage(
        EventId = LogEvents.CertificateEnds,
        Level = LogLevel.Warning,
        Message = "The server's certificate ends at {End:u}; put a newer one in its place, no restart is needed")]
    private partial void LogCertificateEnds(DateTimeOffset end);
}
