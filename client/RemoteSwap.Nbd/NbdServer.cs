using System.Net;
using System.Net.Sockets;
using RemoteSwap.Nbd.Connections;
using RemoteSwap.Nbd.Telemetry;
using RemoteSwap.Nbd.Transmission;

namespace RemoteSwap.Nbd;

/// <summary>
/// Serves one device to NBD clients: fixed newstyle, TLS, simple and structured replies; CONFORMANCE.md lists all. It
/// listens on end points or takes over connections that others have made.
/// <para>
/// It is no storage: it keeps nothing of the device's bytes, and what a flush means is the device's matter. It allows
/// several connections at a time, so the device's flush has to cover all of them.
/// </para>
/// <para>
/// Bounds, all in <see cref="NbdServerOptions"/>: connections; requests and bytes in flight for each; time of a
/// handshake. All members may be called from any thread. Lock: guards the listeners.
/// </para>
/// </summary>
public sealed class NbdServer : IAsyncDisposable
{
    /// <summary>
    /// Seconds after which the system asks a silent client's for a sign of life. It asks so often, so many seconds
    /// apart; then the connection is gone.
    /// </summary>
    internal const int KeepAliveSeconds = 30;

    private const int KeepAliveIntervalSeconds = 10;
    private const int KeepAliveProbes = 3;
    private const int DeviceUnitBytes = 4096;

    // After connections are cut, the device has this long to let go of them.
    private static readonly TimeSpan s_cutTime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<Listener> _listeners = [];
    private readonly NbdExport _export;
    private readonly ConnectionSet _connections;
    private readonly Action<string> _log;
    private bool _isStopped;

    /// <summary>Makes a server; nobody can connect yet.</summary>
    /// <param name="device">What is served; the caller's, and not disposed of.</param>
    /// <param name="options">How.</param>
    /// <param name="log">Takes a line for people, from any thread; must not wait. Null: nobody wants to know.</param>
    /// <exception cref="ArgumentException">Options are wrong, or do not suit the device.</exception>
    public NbdServer(INbdDevice device, NbdServerOptions options, Action<string>? log = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        long sizeBytes = device.SizeBytes;
        if (sizeBytes <= 0 || sizeBytes % Math.Max(DeviceUnitBytes, options.MinBlockBytes) != 0)
        {
            throw new ArgumentException(
                $"The device has {sizeBytes} bytes; it must have a multiple of {DeviceUnitBytes} and of "
                + $"{nameof(options.MinBlockBytes)} {options.MinBlockBytes}.");
        }

        ExportMeasures measures = new(NbdMeter.Of(options.MeterFactory), options.ExportName, options.TracedShare);
        _export = new NbdExport(device, options, sizeBytes, new BufferPool(), measures);
        _connections = new ConnectionSet(options.MaxConnections);
        _log = log ?? (static _ => { });
    }

    /// <summary>Where it listens, with the port that was given; of several, the first.</summary>
    /// <exception cref="InvalidOperationException">It does not listen.</exception>
    public EndPoint LocalEndPoint
    {
        get
        {
            lock (_lock)
            {
                return _listeners.Count > 0
                    ? _listeners[0].LocalEndPoint
                    : throw new InvalidOperationException("the server does not listen");
            }
        }
    }

    /// <summary>Connections that there are now.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Requests that were answered so far, refused ones included.</summary>
    public long RequestsServed => _connections.RequestsServed;

    /// <summary>Bytes that are kept in buffers for coming requests; bounded.</summary>
    public long PooledBytes => _export.Buffers.KeptBytes;

    /// <summary>Listens on an end point.</summary>
    /// <param name="endPoint">A <see cref="UnixDomainSocketEndPoint"/> or an <see cref="IPEndPoint"/>.</param>
    /// <exception cref="SocketException">The address can not be had.</exception>
    public void Listen(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Add(() => Listener.Open(endPoint, Accept, _log));
    }

    /// <summary>Takes over a socket that listens already, as an init system hands it on.</summary>
    /// <param name="listening">The socket; owned from now on.</param>
    public void Listen(Socket listening)
    {
        ArgumentNullException.ThrowIfNull(listening);
        Add(() => new Listener(listening, file: null, Accept, _log));
    }

    /// <summary>Serves a connected socket until its client goes.</summary>
    /// <param name="connected">The socket; owned from now on.</param>
    /// <param name="ct">Cuts the connection.</param>
    public Task RunConnectionAsync(Socket connected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(connected);
        string name = "nbd unix";
        try
        {
            if (connected.ProtocolType == ProtocolType.Tcp)
            {
                connected.NoDelay = true;
                KeepAlive(connected);
                name = $"nbd {connected.RemoteEndPoint}";
            }

            return RunAsync(new SocketStream(connected), name, ct);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            _log($"a client was gone at once: {failure.Message}");
            connected.Dispose();
            return Task.CompletedTask;
        }
    }

    /// <summary>Serves a stream until its client goes.</summary>
    /// <param name="connected">
    /// The stream; owned from now on. It is read and written at the same time, and disposing of it has to end both.
    /// </param>
    /// <param name="ct">Cuts the connection.</param>
    public Task RunConnectionAsync(Stream connected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(connected);
        return RunAsync(connected, "nbd stream", ct);
    }

    /// <summary>
    /// Stops: accepts nothing more, answers new requests with ESHUTDOWN, finishes those in flight, and closes. What is
    /// not finished in time is cut.
    /// </summary>
    /// <param name="grace">How long requests in flight may take; zero cuts at once.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        Listener[] listeners;
        lock (_lock)
        {
            _isStopped = true;
            listeners = [.. _listeners];
            _listeners.Clear();
        }

        IReadOnlyList<NbdConnection> connections = _connections.Close();
        Task ended = Task.WhenAll(connections.SelectMany(
            connection => (Task[])[connection.StopAsync(), connection.Completion]));
        foreach (Listener listener in listeners)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        if (await EndsWithinAsync(ended, grace).ConfigureAwait(false))
        {
            return;
        }

        int cut = connections.Count(connection => connection.Cut());
        if (cut > 0)
        {
            _log($"{cut} connections were cut, because requests in flight took longer than {grace}");
        }

        if (!await EndsWithinAsync(ended, s_cutTime).ConfigureAwait(false))
        {
            _log($"the device still holds requests {s_cutTime} after their connections were cut");
        }
    }

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero).ConfigureAwait(false);

    // A client whose machine is gone says nothing, not even that; the system's own two hours would keep its place.
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
    }

    private static async Task<bool> EndsWithinAsync(Task task, TimeSpan time)
    {
        try
        {
            await task.WaitAsync(time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Add(Func<Listener> open)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isStopped, this);
            _listeners.Add(open());
        }
    }

    private void Accept(Socket socket)
    {
        if (WhyRefused(socket) is { } reason)
        {
            _log($"a client was turned away: {reason}");
            socket.Dispose();
            return;
        }

        // What it starts never throws and is waited for by its connection's Completion.
        _ = RunConnectionAsync(socket, CancellationToken.None);
    }

    // A look at a client that fails lets nobody in, and must not end the accepting.
    private string? WhyRefused(Socket socket)
    {
        try
        {
            return _export.Options.Admits?.Invoke(socket);
        }
        catch (Exception failure) when (
            failure is SocketException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return $"it can not be looked at: {failure.Message}";
        }
    }

    private async Task RunAsync(Stream transport, string name, CancellationToken ct)
    {
        using NbdConnection connection = new(_export, transport, name, _log);
        if (!_connections.TryAdd(connection))
        {
            connection.Log($"closed at once: there are {ConnectionCount} connections already, or the server stops");
            await connection.Stream.DisposeAsync().ConfigureAwait(false);
            return;
        }

        using CancellationTokenRegistration cutting = ct.UnsafeRegister(
            static self => ((NbdConnection)self!).Cut(), connection);
        bool isCounted = _export.Measures.Connects();
        await connection.RunAsync().ConfigureAwait(false);
        _connections.Remove(connection);
        if (isCounted)
        {
            _export.Measures.Disconnects();
        }
    }
}
