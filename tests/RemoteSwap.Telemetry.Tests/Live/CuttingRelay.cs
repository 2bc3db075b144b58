using System.Net;
using System.Net.Sockets;

namespace RemoteSwap.Telemetry.Tests.Live;

/// <summary>
/// Passes bytes between a client and a server, and cuts each of its connections from time to time, with a request under
/// way: so that there are reconnects to see.
/// </summary>
internal sealed class CuttingRelay : IAsyncDisposable
{
    private const int PiecesBeforeCut = 150;
    private const int PieceBytes = 1 << 16;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _server;
    private readonly Task _work;

    private CuttingRelay(Uri server)
    {
        _server = server;
        _listener.Start();
        _work = Task.Run(ServeAsync);
    }

    /// <summary>The server through it, with a tenant, as the tool takes it.</summary>
    public string Of(string tenant) => $"remoteswap://{_listener.LocalEndpoint}/{tenant}";

    public static CuttingRelay Start(Uri server) => new(server);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await Task.WhenAny(_work);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        using TcpClient client = accepted;
        using TcpClient server = new();
        await server.ConnectAsync(_server.Host, _server.Port, _stop.Token);
        await Task.WhenAny(
            PassAsync(client.GetStream(), server.GetStream(), PiecesBeforeCut),
            PassAsync(server.GetStream(), client.GetStream(), int.MaxValue));
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, int pieces)
    {
        byte[] piece = new byte[PieceBytes];
        for (int count = 0; count < pieces; count++)
        {
            int bytes = await from.ReadAsync(piece, _stop.Token);
            if (bytes == 0)
            {
                return;
            }

            // The last is lost with the connection.
            if (count < pieces - 1)
            {
                await to.WriteAsync(piece.AsMemory(0, bytes), _stop.Token);
            }
        }
    }
}
