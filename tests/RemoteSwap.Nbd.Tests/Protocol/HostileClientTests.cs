using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

/// <summary>
/// Clients that mean harm: each costs the server a bounded amount of memory and time, and others are served meanwhile.
/// (Floods of options, and connections beyond the limit, are HandshakeTests; floods of requests PipeliningTests.)
/// </summary>
public sealed class HostileClientTests
{
    [Fact]
    public async Task Handshakes_of_which_a_byte_comes_now_and_then_end_in_their_time()
    {
        const int Clients = 8;
        await using TestServer server = new(new NbdServerOptions { HandshakeTimeout = TimeSpan.FromSeconds(2) });
        byte[] handshake = [.. WireBytes.U32(3), .. WireBytes.Option(6, WireBytes.Info("", 3))];
        Task[] slow = [.. Enumerable.Range(0, Clients).Select(_ => TrickleAsync(server, handshake))];
        while (!Task.WhenAll(slow).IsCompleted)
        {
            await server.AssertHealthyAsync();
        }

        await Task.WhenAll(slow);
        await TestServer.EventuallyAsync(() => server.Server.ConnectionCount == 0, "all have gone");
    }

    [Fact]
    public async Task Clients_that_read_no_reply_hold_no_more_than_their_window()
    {
        const int Clients = 4;
        const int MaxReadBytes = 1 << 20;
        await using TestServer server = new(
            new NbdServerOptions { MaxBlockBytes = MaxReadBytes, MaxBytesInFlight = 4 * MaxReadBytes });
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<WireClient> clients = [];
        byte[] reads = WireBytes.Join(
            [.. Enumerable.Repeat(WireBytes.Request(Cmd.Read, 0, MaxReadBytes), 2000)]);
        for (int i = 0; i < Clients; i++)
        {
            clients.Add(await server.GoAsync());
            await clients[i].SendAsync(reads);
        }

        await server.AssertHealthyAsync();
        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(growth, long.MinValue, (Clients * server.Options.MaxBytesInFlight) + (16 << 20));
        foreach (WireClient client in clients)
        {
            await client.DisposeAsync();
        }

        await TestServer.EventuallyAsync(() => server.Server.ConnectionCount == 0, "all have gone");
    }

    [Fact]
    [SuppressMessage("Reliability", "CA2025", Justification = "The server owns the socket.")]
    public async Task A_client_whose_machine_is_gone_is_noticed_by_the_system()
    {
        await using TestServer server = new();
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await using WireClient client = await WireClient.ConnectAsync(listener.LocalEndPoint!);
        Socket accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);

        Task serving = server.Server.RunConnectionAsync(accepted, TestContext.Current.CancellationToken);

        Assert.Equal(1, accepted.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(
            NbdServer.KeepAliveSeconds,
            accepted.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        await client.DisposeAsync();
        await serving;
    }

    private static async Task TrickleAsync(TestServer server, byte[] bytes)
    {
        await using WireClient client = await server.ConnectAsync();
        for (int i = 0; i < bytes.Length - 1; i++)
        {
            await client.TrySendAsync([bytes[i]]);
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        await client.AssertEndAsync();
    }
}
