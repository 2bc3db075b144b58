using System.Net;
using System.Net.Sockets;
using RemoteSwap.Cli.App;
using RemoteSwap.Nbd;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// Where the device listens: a Unix socket, or a loopback address. Other addresses are refused: this version cannot
/// tell who a client is, and whoever reaches the device has the guest's memory.
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
    /// <param name="address">A loopback address and a port.</param>
    /// <param name="isCaptive">Whether the device is for one command only.</param>
    /// <exception cref="CommandFailedException">It can not be had.</exception>
    public static NbdPlace Of(string? socket, string? address, bool isCaptive)
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

        return new NbdPlace(socket is null ? Loopback(address) : Socket(socket));
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

    private static IPEndPoint Loopback(string? address)
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

        return IPAddress.IsLoopback(endPoint.Address)
            ? endPoint
            : throw CommandFailedException.Usage(
                $"--listen '{address}' can be reached by other machines, and this version cannot tell who they are; "
                + "listen on a Unix socket or on 127.0.0.1");
    }
}
