using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace RemoteSwap.Server.Options;

/// <summary>Where a listener binds: an address with a port, or a Unix socket.</summary>
/// <param name="EndPoint">The address with its port, 0: the system picks one; null for a Unix socket.</param>
/// <param name="SocketPath">The path of the Unix socket; null for an address.</param>
internal sealed record ListenAddress(IPEndPoint? EndPoint, string? SocketPath)
{
    /// <summary>What an address may look like, for messages.</summary>
    public const string Allowed = "127.0.0.1:7420, [::1]:7420, localhost:7420 or unix:/run/remoteswap.sock";

    private const string UnixPrefix = "unix:";
    private const string LocalHost = "localhost:";

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLocal => SocketPath is not null || IPAddress.IsLoopback(EndPoint!.Address);

    /// <summary>Reads an address.</summary>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            string path = text[UnixPrefix.Length..];
            address = path.StartsWith('/') ? new ListenAddress(null, path) : null;
            return address is not null;
        }

        if (text.StartsWith(LocalHost, StringComparison.OrdinalIgnoreCase))
        {
            text = string.Create(CultureInfo.InvariantCulture, $"{IPAddress.Loopback}:{text.AsSpan(LocalHost.Length)}");
        }

        // Without the colon, IPEndPoint.TryParse would take a bare address and give it port 0.
        if (text.LastIndexOf(':') > text.LastIndexOf(']')
            && IPEndPoint.TryParse(text, out IPEndPoint? endPoint)
            && (text.StartsWith('[') || text.Count(c => c == ':') == 1))
        {
            address = new ListenAddress(endPoint, null);
        }

        return address is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => SocketPath is null ? EndPoint!.ToString() : UnixPrefix + SocketPath;
}
