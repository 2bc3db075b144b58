using System.Net;
using System.Net.Sockets;

namespace RemoteSwap.Vm.Tests.Disks;

/// <summary>
/// A way to a TCP server that can be cut: first nothing moves any more, then connections are reset and new ones too.
/// </summary>
internal sealed class CutLink : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<Socket> _open = [];
    private readonly List<Task> _tasks = [];
    private readonly int _port;
    private TaskCompletionSource _flows = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isCut;
    private long _connections;
    private long _bytes;

    private CutLink(int port)
    {
        _port = port;
        _flows.SetResult();
        _listener.Start();
        _tasks.Add(AcceptAsync());
    }

    /// <summary>Where to connect to instead.</summary>
    public string Authority => $"{_listener.LocalEndpoint}";

    /// <summary>Connections that were let through.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Bytes that moved, both ways.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Opens one to a port of this machine.</summary>
    public static CutLink Open(int port) => new(port);

    /// <summary>Cuts it for some time.</summary>
    /// <param name="silent">How long connections stay open while nothing moves.</param>
    /// <param name="broken">How long they are reset after that.</param>
    public async Task CutAsync(TimeSpan silent, TimeSpan broken)
    {
        TaskCompletionSource flows = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _flows, flows);
        await Task.Delay(silent);
        Reset(isCut: true);
        await Task.Delay(broken);
        lock (_gate)
        {
            _isCut = false;
        }

        flows.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Reset(isCut: true);
        Volatile.Read(ref _flows).TrySetResult();
        Task[] tasks;
        lock (_gate)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks);
        _listener.Dispose();
        _end.Dispose();
    }

    private void Reset(bool isCut)
    {
        lock (_gate)
        {
            _isCut = isCut;
            _open.ForEach(Abort);
            _open.Clear();
        }
    }

    private static void Abort(Socket socket)
    {
        // A reset, not an end: what is under way is lost.
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                Socket near = await _listener.AcceptSocketAsync(_end.Token);
                Socket far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await far.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
                Join(near, far);
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
                // The next one may come through.
            }
        }
    }

    private void Join(Socket near, Socket far)
    {
        near.NoDelay = true;
        far.NoDelay = true;
        lock (_gate)
        {
            if (_isCut)
            {
                Abort(near);
                Abort(far);
                return;
            }

            _open.AddRange([near, far]);
            _tasks.AddRange([PumpAsync(near, far), PumpAsync(far, near)]);
        }

        Interlocked.Increment(ref _connections);
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            int got;
            while ((got = await from.ReceiveAsync(buffer)) > 0)
            {
                await Volatile.Read(ref _flows).Task;
                for (int sent = 0; sent < got;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, got - sent));
                }

                Interlocked.Add(ref _bytes, got);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
