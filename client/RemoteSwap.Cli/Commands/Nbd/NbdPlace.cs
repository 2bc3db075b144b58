using System.Net;
using System.Net.Sockets;
using RemoteSwap.Cli.App;
using RemoteSwap.Nbd;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// Where the device listens: a Unix socket, or an address. One that other machines can reach is refused unless every
/// client has to show a certificate over TLS: whoever reaches the device has the guest's memory.
/// </summary>
internal sealed class NbdPlace : IDisposable
{
    private readonly DirectoryInfo? _directory;

    private NbdPlace(EndPoint endPoint, DirectoryInfo? directory = null)
    {
        EndPoint = endPoint;
        _directory = directory;
    }

    /// <summary>The end point.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>Reads what the user wants.</summary>
    /// <param name="socket">The path of a Unix socket; <c>-</c>: a private one.</param>
    /// <param name="address">An address and a port.</param>
    /// <param name="isCaptive">Whether the device is for one command only.</param>
    /// <param name="tls">How clients are known; null: they are not.</param>
    /// <exception cref="CommandFailedException">It can not be had.</exception>
    public static NbdPlace Of(string? socket, string? address, bool isCaptive, NbdTls? tls)
    {
        if (socket is not null && address is not null)
        {
            throw CommandFailedException.Usage("--unix and --listen are both given; a device listens at one place");
        }

        if (socket == "-" || (socket is null && address is null && isCaptive))
        {
            DirectoryInfo directory = Directory.CreateTempSubdirectory("remoteswap-nbd-");
            return new NbdPlace(new UnixDomainSocketEndPoint(Path.Combine(directory.FullName, "nbd.sock")), directory);
        }

        return new NbdPlace(socket is null ? Address(address, tls) : Socket(socket));
    }

    /// <summary>Removes what was made for it.</summary>
    public void Dispose() => _directory?.Delete(recursive: true);

    private static UnixDomainSocketEndPoint Socket(string path)
    {
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw CommandFailedException.Usage($"--unix '{path}': there is no such directory; make it first");
        }

        try
        {
            return new UnixDomainSocketEndPoint(Path.GetFullPath(path));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw CommandFailedException.Usage($"--unix '{path}': the path is too long for a socket; 107 bytes fit");
        }
    }

    private static IPEndPoint Address(string? address, NbdTls? tls)
    {
        if (address is null)
        {
            return new IPEndPoint(IPAddress.Loopback, NbdServerOptions.DefaultPort);
        }

        string numbers = address.StartsWith("localhost:", StringComparison.Ordinal)
            ? $"127.0.0.1:{address["localhost:".Length..]}"
            : address;
        if (!IPEndPoint.TryParse(numbers, out IPEndPoint? endPoint) || !numbers.Contains(':', StringComparison.Ordinal))
        {
            throw CommandFailedException.Usage(
                $"--listen '{address}' is no address and port; give one such as 127.0.0.1:10809");
        }

        return IPAddress.IsLoopback(endPoint.Address) || tls is { IsRequired: true, VerifiesClients: true }
            ? endPoint
            : throw CommandFailedException.Usage(
                $"--listen '{address}' can be reached by other machines, and whoever reaches the device has the guest's"
                + " memory; give --tls-cert, --tls-key and --tls-ca (and no --tls allowed), or listen on a Unix socket"
                + " or on 127.0.0.1");
    }
}
