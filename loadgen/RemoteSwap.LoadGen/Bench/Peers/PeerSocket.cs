using System.Net.Sockets;

namespace RemoteSwap.LoadGen.Bench.Peers;

/// <summary>Blocking connections to a peer's socket file.</summary>
internal static class PeerSocket
{
    private const int TimeoutMs = 10_000;

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    public static Socket Connect(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            SendTimeout = TimeoutMs,
            ReceiveTimeout = TimeoutMs,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends all bytes.</summary>
    public static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    /// <summary>Fills all of the room.</summary>
    /// <exception cref="IOException">The peer closed the connection.</exception>
    public static void ReceiveAll(Socket socket, Span<byte> room)
    {
        while (!room.IsEmpty)
        {
            int received = socket.Receive(room);
            if (received == 0)
            {
                throw new IOException("The peer closed the connection.");
            }

            room = room[received..];
        }
    }
}
