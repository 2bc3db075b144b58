using RemoteSwap.Server.Telemetry;

namespace RemoteSwap.Server.Security;

/// <summary>Logs at the start what is open and should not be.</summary>
internal sealed partial class SecurityLog(ILogger<SecurityLog> log)
{
    [LoggerMessage(
        EventId = LogEvents.Insecure,
        Level = LogLevel.Warning,
        Message = "INSECURE, because Security:AllowInsecure says so: {Danger}")]
    public partial void Insecure(string danger);
}
