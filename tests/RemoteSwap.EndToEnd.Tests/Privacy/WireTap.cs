using System.Net;
using System.Net.Sockets;

namespace RemoteSwap.EndToEnd.Tests.Privacy;

/// <summary>Sits between client and server, passes on all that they send, and looks for a mark in it.</summary>
internal sealed class WireTap : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _server;
    private readonly byte[] _mark;
    private readonly Task _accepting;
    private long _bytes;
    private long _found;

    public WireTap(int server, byte[] mark)
    {
        _server = server;
        _mark = mark;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that passed, in both directions.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How often the mark passed.</summary>
    public long Found => Volatile.Read(ref _found);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> passing = [];
        while (!_end.IsCancellationRequested)
        {
            Socket client = await _listener.AcceptSocketAsync(_end.Token);
            Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
            client.NoDelay = true;
            passing.Add(PassAsync(client, server));
            passing.Add(PassAsync(server, client));
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        // What is left of the last part stands before the next one: a mark may lie in both.
        byte[] buffer = new byte[BufferBytes + _mark.Length];
        int kept = 0;
        try
        {
            while (true)
            {
                int read = await from.ReceiveAsync(buffer.AsMemory(kept, BufferBytes), _end.Token);
                if (read == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                Interlocked.Add(ref _bytes, read);
                Interlocked.Add(ref _found, buffer.AsSpan(0, kept + read).Count(_mark));
                await to.SendAsync(buffer.AsMemory(kept, read), _end.Token);
                int keep = Math.Min(_mark.Length - 1, kept + read);
                buffer.AsSpan(kept + read - keep, keep).CopyTo(buffer);
                kept = keep;
            }
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
