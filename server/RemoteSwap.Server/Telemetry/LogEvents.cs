namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// The ids of what the server logs: one for each kind of event, never used for another one. What each means stands in
/// docs/EVENTS.md, which a test compares with the code.
/// </summary>
internal static class LogEvents
{
    public const int Started = 100;
    public const int Stopping = 101;
    public const int PagesRestored = 102;
    public const int PagesLost = 103;
    public const int PagesDrained = 104;
    public const int DrainHeldUp = 105;
    public const int FileTightened = 106;
    public const int LimitLowered = 200;
    public const int LimitRaised = 201;
    public const int LimitRestored = 202;
    public const int ServerFull = 203;
    public const int ServerAccepts = 204;
    public const int InvariantBroken = 300;
    public const int PagesCorrupt = 301;
    public const int ScrubberFailed = 302;
    public const int AreaNotEnded = 303;
    public const int CredentialsReloaded = 400;
    public const int CredentialsNotReloaded = 401;
    public const int CallsRefused = 402;
    public const int StreamsEnded = 403;
    public const int CertificateEnds = 404;
    public const int Insecure = 405;
}
