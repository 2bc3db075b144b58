using System.Net.Sockets;

namespace RemoteSwap.Server.Hosting;

/// <summary>
/// A socket file that a server left behind when it was killed. Binding fails while it is there; it is removed if nobody
/// answers on it. Whatever is no socket, or answers, stays, and binding says so.
/// </summary>
internal static class StaleSocket
{
    public static void Remove(string path)
    {
        if (!File.Exists(path) || !IsSocket(path))
        {
            return;
        }

        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // Not ours to probe: binding will fail and name it.
        }
    }

    // A connection to a plain file is refused just as one to a dead socket is; but a socket cannot be opened. (Open for
    // reading alone would wait at a pipe.)
    private static bool IsSocket(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
