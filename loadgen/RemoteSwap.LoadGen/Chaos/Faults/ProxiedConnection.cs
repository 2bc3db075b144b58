using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace RemoteSwap.LoadGen.Chaos.Faults;

/// <summary>One client's connection and the one to the server that it is passed on to.</summary>
internal sealed class ProxiedConnection(
    Socket client, string socketPath, ProxyGate toServer, ProxyGate toClient, CancellationToken stop)
{
    private const int BufferBytes = 65_536;

    private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(stop);

    /// <summary>Resets it: the client sees an error and not an end.</summary>
    public void Reset()
    {
        try
        {
            client.LingerState = new LingerOption(enable: true, seconds: 0);
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <summary>Passes bytes on until either end, or a reset.</summary>
    [SuppressMessage("Reliability", "CA2025", Justification = "Both tasks are waited for, whichever way they end.")]
    public async Task RunAsync()
    {
        using Socket server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), _ended.Token);
            Task there = PumpAsync(client, server, toServer);
            Task back = PumpAsync(server, client, toClient);
            await Task.WhenAny(there, back);
            await _ended.CancelAsync();
            await Task.WhenAll(there, back);
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException)
        {
            // The server is away, or the connection has broken: that is what this is for.
        }
        finally
        {
            client.Dispose();
            _ended.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, ProxyGate gate)
    {
        byte[] buffer = new byte[BufferBytes];
        while (await from.ReceiveAsync(buffer, _ended.Token) is int count and > 0)
        {
            await gate.PassAsync(_ended.Token);
            for (int sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _ended.Token);
            }
        }
    }
}
