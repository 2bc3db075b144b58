using System.Net;
using System.Net.Sockets;

namespace RemoteSwap.Nbd;

/// <summary>
/// Makes NBD URIs (doc/uri.md), as nbdinfo, nbdcopy, qemu and fio take them. Text and not <see cref="Uri"/>, which
/// would write parts of them in another way.
/// </summary>
public static class NbdUri
{
    /// <summary>The URI of an export: <c>nbd://host:port/name</c> or <c>nbd+unix:///name?socket=path</c>.</summary>
    /// <param name="endPoint">
    /// Where it is served. For an address that means all of the machine's, the URI names the loopback address.
    /// </param>
    /// <param name="exportName">The export's name; may be empty.</param>
    /// <param name="requireTls">Whether the client has to use TLS (<c>nbds</c>).</param>
    /// <exception cref="ArgumentException">It is another kind of end point.</exception>
    public static string Of(EndPoint endPoint, string exportName = "", bool requireTls = false)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(exportName);
        string scheme = requireTls ? "nbds" : "nbd";
        string name = Escape(exportName);
        return endPoint switch
        {
            UnixDomainSocketEndPoint unix => $"{scheme}+unix:///{name}?socket={Escape(unix.ToString())}",
            IPEndPoint ip => $"{scheme}://{new IPEndPoint(Reachable(ip.Address), ip.Port)}/{name}",
            DnsEndPoint dns => $"{scheme}://{dns.Host}:{dns.Port}/{name}",
            _ => throw new ArgumentException($"no NBD URI names a {endPoint.GetType().Name}", nameof(endPoint)),
        };
    }

    private static IPAddress Reachable(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : address;

    // A slash may stand in paths and in queries as it is, and is easier to read that way.
    private static string Escape(string text) =>
        Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal);
}
