using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;

namespace RemoteSwap.Credentials;

/// <summary>
/// The version of TLS that both ends of a connection speak: 1.3 (RFC 8446) and no other. Both ends are of this project
/// or current, so nothing older has to be borne, and there is no version to be talked down to.
/// </summary>
public static class TlsProtocol
{
    /// <summary>It.</summary>
    [SuppressMessage("Security", "CA5398", Justification = "The point is that there is no other.")]
    public static SslProtocols Only => SslProtocols.Tls13;
}
