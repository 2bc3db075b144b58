using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace RemoteSwap.LoadGen.Chaos.Faults;

/// <summary>
/// A TCP proxy on loopback before the server's socket file, so that the address stays while servers come and go, and
/// connections can be cut: reset, or blocked one way or both. What is blocked is delayed and not lost, as on a network
/// that is mended before a connection is given up.
/// <para>Any thread may call. Lock: none; the gates are replaced as a whole.</para>
/// </summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly string _socketPath;
    private readonly Task _accepting;

    /// <summary>Listens on a port that the system picks.</summary>
    /// <param name="socketPath">The server's socket file.</param>
    public FaultyProxy(string socketPath)
    {
        _socketPath = socketPath;
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public Uri Address { get; }

    /// <summary>Holds back what goes to the server.</summary>
    public ProxyGate ToServer { get; } = new();

    /// <summary>Holds back what goes to clients.</summary>
    public ProxyGate ToClient { get; } = new();

    /// <summary>Resets all connections there are.</summary>
    public void Reset()
    {
        foreach (ProxiedConnection connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        Reset();
        await Task.WhenAll(_connections.Values);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                ProxiedConnection connection = new(client, _socketPath, ToServer, ToClient, _stop.Token);
                _connections[connection] = ServeAsync(connection);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException)
            {
                // Stopped, or a client that was gone before it was accepted.
            }
        }
    }

    private async Task ServeAsync(ProxiedConnection connection)
    {
        // Not before it stands in the table.
        await Task.Yield();
        await connection.RunAsync();
        _connections.TryRemove(connection, out _);
    }
}
