using System.Net.Sockets;

namespace RemoteSwap.Nbd.Connections;

/// <summary>A socket as a stream whose sending side can be ended alone. It owns the socket.</summary>
internal sealed class SocketStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private static readonly TimeSpan s_shortly = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Keeps this thread until there is something to read, for a millisecond at most. Where it is on its way already,
    /// that is several times faster than to have a thread woken by way of the poller and the thread pool.
    /// </summary>
    public void AwaitShortly() => Socket.Poll(s_shortly, SelectMode.SelectRead);

    /// <summary>Tells the other side that nothing more is sent.</summary>
    /// <exception cref="SocketException">The connection is gone already.</exception>
    public void EndSending() => Socket.Shutdown(SocketShutdown.Send);
}
