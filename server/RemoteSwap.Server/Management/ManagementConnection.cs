namespace RemoteSwap.Server.Management;

/// <summary>
/// Marks a connection that came in on the management port, so that each port serves its own endpoints only.
/// </summary>
internal sealed class ManagementConnection
{
    public static ManagementConnection Instance { get; } = new();
}
