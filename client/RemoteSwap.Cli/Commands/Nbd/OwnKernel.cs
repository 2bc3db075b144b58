using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// Tells whether a client is this machine's own kernel. A machine that swaps to a process of its own can deadlock: the
/// kernel waits for the process to take a page, the process waits for memory, and memory is what the kernel is trying
/// to free. A guest is another machine, and QEMU, which attaches for it, is a process like any other.
/// <para>
/// The kernel attaches through a program that speaks the handshake and then hands the socket over, or serves it from
/// there (nbd-client, nbdublk): the peer of a Unix socket is known by its process, and one of loopback by whose socket
/// it is.
/// </para>
/// </summary>
internal static class OwnKernel
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialBytes = 12;

    private static readonly string[] s_attachers = ["nbd-client", "nbdublk"];

    /// <summary>Why a client is refused; null: it is not.</summary>
    public static string? WhyRefused(Socket client)
    {
        string? name = client.RemoteEndPoint is IPEndPoint remote && client.LocalEndPoint is IPEndPoint local
            ? NameOfLoopback(remote, local)
            : NameOfUnix(client);
        return name is not null && s_attachers.Contains(name, StringComparer.Ordinal)
            ? $"the client is '{name}', which attaches this machine's own kernel: swapping a machine to a process that "
                + "runs on it can deadlock. Attach a guest, or say --allow-own-kernel"
            : null;
    }

    private static string? NameOfUnix(Socket client)
    {
        Span<byte> credentials = stackalloc byte[CredentialBytes];
        return client.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) >= sizeof(int)
            ? NameOf(MemoryMarshal.Read<int>(credentials))
            : null;
    }

    // The client's end of a loopback connection is in the table of sockets, and its inode among some process's files.
    private static string? NameOfLoopback(IPEndPoint remote, IPEndPoint local)
    {
        string table = remote.AddressFamily == AddressFamily.InterNetwork ? "/proc/net/tcp" : "/proc/net/tcp6";
        string ports = string.Create(CultureInfo.InvariantCulture, $":{remote.Port:X4} ");
        string peerPorts = string.Create(CultureInfo.InvariantCulture, $":{local.Port:X4} ");
        foreach (string line in File.ReadLines(table))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9
                && $"{fields[1]} ".EndsWith(ports, StringComparison.Ordinal)
                && $"{fields[2]} ".EndsWith(peerPorts, StringComparison.Ordinal))
            {
                return NameOfInode($"socket:[{fields[9]}]");
            }
        }

        return null;
    }

    // Only programs that can be the attacher are looked into: there may be thousands of others.
    private static string? NameOfInode(string link)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && NameOf(id) is { } name
                && s_attachers.Contains(name, StringComparer.Ordinal)
                && HasFile(process, link))
            {
                return name;
            }
        }

        return null;
    }

    private static bool HasFile(string process, string link)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd"))
                .Any(file => new FileInfo(file).LinkTarget == link);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? NameOf(int processId)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/comm")).TrimEnd();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
