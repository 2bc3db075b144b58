using System.Net;
using System.Net.Sockets;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

public sealed class ListeningTests
{
    [Fact]
    public async Task A_socket_file_that_was_left_behind_is_replaced_and_deleted_at_the_end()
    {
        await using TestServer server = new();
        string path = Path.Combine(server.Folder, "left");
        using (Socket gone = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            gone.Bind(new UnixDomainSocketEndPoint(path));
        }

        await using (NbdServer other = new(server.Device, server.Options))
        {
            // .NET deletes the file with the socket that made it; an abrupt end does not.
            await File.WriteAllBytesAsync(path, []);
            other.Listen(new UnixDomainSocketEndPoint(path));
            await using WireClient client = await WireClient.ConnectAsync(other.LocalEndPoint);
            await client.GreetAsync();
            await client.GoAsync();
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_socket_in_use_and_a_file_with_something_in_it_are_left_alone()
    {
        await using TestServer server = new();
        await using NbdServer other = new(server.Device, server.Options);
        Assert.Throws<SocketException>(() => other.Listen(server.Server.LocalEndPoint));
        string path = Path.Combine(server.Folder, "file");
        await File.WriteAllTextAsync(path, "mine");

        Assert.Throws<SocketException>(() => other.Listen(new UnixDomainSocketEndPoint(path)));

        Assert.Equal("mine", await File.ReadAllTextAsync(path));
        await server.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_listening_socket_is_taken_over()
    {
        await using TestServer server = new();
        Socket listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        EndPoint endPoint = listening.LocalEndPoint!;
        server.Server.Listen(listening);

        await using WireClient client = await WireClient.ConnectAsync(endPoint);
        await client.GreetAsync();
        await client.GoAsync();
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 0, 512, dataBytes: 512));
    }

    [Fact]
    public async Task A_connected_socket_is_taken_over_and_cut_by_its_token()
    {
        await using TestServer server = new();
        using Socket listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        Task<Socket> accepting = listening.AcceptAsync();
        await using WireClient client = await WireClient.ConnectAsync(listening.LocalEndPoint!);
        using CancellationTokenSource cutting = new();

        Task running = server.Server.RunConnectionAsync(await accepting, cutting.Token);
        await client.GreetAsync();
        await client.GoAsync();
        Assert.Equal(1, server.Server.ConnectionCount);
        await cutting.CancelAsync();

        await client.AssertEndAsync();
        await running;
        Assert.Equal(0, server.Server.ConnectionCount);
    }

    [Fact]
    public async Task A_client_that_is_not_admitted_is_turned_away()
    {
        int asked = 0;
        await using TestServer server = new(new NbdServerOptions
        {
            Admits = _ => ++asked switch
            {
                1 => "it is not liked",
                2 => throw new IOException("no look at it"),
                _ => null,
            },
        });
        for (int i = 0; i < 2; i++)
        {
            await using WireClient client = await server.ConnectAsync();
            await client.AssertEndAsync();
        }

        await server.AssertHealthyAsync();
        Assert.Contains("it is not liked", server.Log, StringComparison.Ordinal);
        Assert.Contains("no look at it", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_server_takes_nothing_more()
    {
        TestServer server = new();
        EndPoint endPoint = server.Server.LocalEndPoint;
        await server.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => server.Server.Listen(new IPEndPoint(IPAddress.Loopback, 0)));
        await Assert.ThrowsAnyAsync<SocketException>(() => WireClient.ConnectAsync(endPoint));
        await server.Server.StopAsync(TimeSpan.Zero);
    }
}
