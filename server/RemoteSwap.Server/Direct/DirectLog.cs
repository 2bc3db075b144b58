namespace RemoteSwap.Server.Direct;

/// <summary>
/// Logs what an application throws: the web server's own event, under its name, because nobody who reads the log is to
/// care which way a call came. What it is not: an event of this program's.
/// </summary>
/// <param name="log">The web server's log.</param>
internal sealed class DirectLog(ILogger log)
{
    /// <summary>Whose log it is.</summary>
    public const string Category = "Microsoft.AspNetCore.Server.Kestrel";

    private static readonly EventId s_applicationError = new(13, "ApplicationError");

    /// <summary>An application has failed.</summary>
    public void Failed(string connectionId, Exception failure) => log.LogError(
        s_applicationError,
        failure,
        "Connection id \"{ConnectionId}\": An unhandled exception was thrown by the application.",
        connectionId);
}
