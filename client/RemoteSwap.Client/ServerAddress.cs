namespace RemoteSwap.Client;

/// <summary>Reads the three forms of a server's address.</summary>
internal static class ServerAddress
{
    private const string UnixScheme = "unix";

    /// <summary>Tells whether the server listens on a Unix socket.</summary>
    public static bool IsUnixSocket(Uri address) => string.Equals(address.Scheme, UnixScheme, StringComparison.Ordinal);

    /// <summary>Tells whether the server is spoken to over TLS.</summary>
    public static bool IsTls(Uri address) => address.Scheme == Uri.UriSchemeHttps;

    /// <summary>The path of the Unix socket.</summary>
    public static string SocketPath(Uri address) => Uri.UnescapeDataString(address.AbsolutePath);
}
