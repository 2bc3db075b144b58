namespace RemoteSwap.Client;

/// <summary>Reads the three forms of a server's address.</summary>
internal static class ServerAddress
{
    private const string UnixScheme = "unix";

    /// <summary>Tells whether the server listens on a Unix socket.</summary>
    public static bool IsUnixSocket(Uri address) => string.Equals(address.Scheme, UnixScheme, StringComparison.Ordinal);

    /// <summary>The path of the Unix socket.</summary>
    public static string SocketPath(Uri address) => Uri.UnescapeDataString(address.AbsolutePath);
}
