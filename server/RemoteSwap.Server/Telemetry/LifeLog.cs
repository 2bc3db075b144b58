using RemoteSwap.Units;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// Logs how the server's life goes: its start and its end, and what became of pages between two lives.
/// </summary>
internal sealed partial class LifeLog(ILogger<LifeLog> log)
{
    [LoggerMessage(
        EventId = LogEvents.Started,
        Level = LogLevel.Information,
        Message = "remoteswap-server {Version} serves pages at {Address}: {Memory} of memory for {Tenants} tenants")]
    public partial void Started(string version, Uri address, ByteSize memory, int tenants);

    [LoggerMessage(
        EventId = LogEvents.Stopping,
        Level = LogLevel.Information,
        Message = "The server stops: new pages are refused, running calls are finished")]
    public partial void Stopping();

    [LoggerMessage(
        EventId = LogEvents.PagesRestored,
        Level = LogLevel.Information,
        Message = "{Pages} pages of the last life are back, after {Seconds:0.00} s")]
    public partial void PagesRestored(long pages, double seconds);

    [LoggerMessage(
        EventId = LogEvents.PagesLost,
        Level = LogLevel.Error,
        Message = "At least {Pages} pages of the last life are lost; clients that ask for one are told so")]
    public partial void PagesLost(long pages);

    [LoggerMessage(
        EventId = LogEvents.PagesDrained,
        Level = LogLevel.Information,
        Message = "{Pages} pages are written to the state folder, after {Seconds:0.00} s; {Lost} could not be")]
    public partial void PagesDrained(long pages, double seconds, long lost);

    [LoggerMessage(
        EventId = LogEvents.DrainHeldUp,
        Level = LogLevel.Error,
        Message = "Writes to the spill file did not end in time and were left behind: what was being written is kept "
            + "from memory, and {Pages} pages that lie in the spill file alone come back only if its disk answers")]
    public partial void DrainHeldUp(long pages);

    [LoggerMessage(
        EventId = LogEvents.FileTightened,
        Level = LogLevel.Warning,
        Message = "Others could read pages or tokens until now: {What}. Who did is not known")]
    public partial void FileTightened(string what);
}
