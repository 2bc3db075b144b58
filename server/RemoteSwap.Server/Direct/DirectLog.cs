namespace RemoteSwap.Server.Direct;

/// <summary>Logs what an application throws, as the web server does and under its name.</summary>
/// <param name="log">The web server's log.</param>
internal sealed partial class DirectLog(ILogger log)
{
    /// <summary>Whose log it is.</summary>
    public const string Category = "Microsoft.AspNetCore.Server.Kestrel";

    private const int ApplicationError = 13;

    /// <summary>An application has failed.</summary>
    [LoggerMessage(
        EventId = ApplicationError,
        EventName = nameof(ApplicationError),
        Level = LogLevel.Error,
        Message = "Connection id \"{ConnectionId}\": An unhandled exception was thrown by the application.")]
    public partial void Failed(string connectionId, Exception failure);
}
