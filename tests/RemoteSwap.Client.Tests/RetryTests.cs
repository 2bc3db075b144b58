using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>
/// Calls are repeated while the server is unavailable, with the very same message, and no longer than promised.
/// </summary>
public abstract class RetryTests(int streams)
{
    [Fact]
    public async Task StoreWhoseReplyIsLostIsRepeatedWithTheSameGenerations()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        LoseReplies(server, 2);

        StoreOutcome[] outcomes = await connection.Area(1).StoreAsync(Pages.Slots(3), Pages.Many(3));

        Assert.Equal([StoreOutcome.Stored, StoreOutcome.Stored, StoreOutcome.SameFilled], outcomes);
        StoreRequest[] requests = server.Store.RequestsOf<StoreRequest>();
        Assert.Equal(3, requests.Length);
        Assert.All(requests, r => Assert.Equal(requests[0], r));
    }

    [Fact]
    public async Task FullBatchOfNoiseIsRepeatedWhole()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        byte[] pages = Enumerable.Range(0, 512).SelectMany(Pages.Noise).ToArray();
        LoseReplies(server, 3);

        StoreOutcome[] outcomes = await connection.Area(1).StoreAsync(Pages.Slots(512), pages);

        Assert.All(outcomes, o => Assert.Equal(StoreOutcome.Stored, o));
        Assert.Equal(4, server.Store.RequestsOf<StoreRequest>().Length);
        byte[] loaded = new byte[pages.Length];
        Assert.All(
            await connection.Area(1).LoadAsync(Pages.Slots(512), loaded),
            o => Assert.Equal(LoadOutcome.Loaded, o));
        Assert.Equal(pages, loaded);
    }

    [Fact]
    public async Task EveryCallButReclaimIsRepeated()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams, maxAttempts: 2);
        SwapArea area = connection.Area(1);
        HashSet<Type> failed = [];
        server.Store.Before = (request, _) => failed.Add(request.GetType()) ? throw Unavailable() : Task.CompletedTask;

        await area.StoreAsync(1, Pages.Any(1));
        await area.LoadAsync(1, new byte[4096]);
        await area.InvalidateAsync(1);
        await area.InvalidateAllAsync();
        await connection.PingAsync(default);
        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.ReclaimAsync(1));

        Assert.Equal(RemoteSwapError.Unavailable, failure.Error);
        Assert.Single(server.Store.RequestsOf<ReclaimRequest>());
        Assert.Equal(2, server.Store.RequestsOf<PingRequest>().Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task GivesUpAfterTheAttemptsThatWereAllowed(int maxAttempts)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams, maxAttempts);
        server.Store.Before = (_, _) => throw Unavailable();

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.Area(1).LoadAsync(1, new byte[4096]));

        Assert.Equal(RemoteSwapError.Unavailable, failure.Error);
        Assert.Contains($"up to {maxAttempts} attempts", failure.Message, StringComparison.Ordinal);
        Assert.Contains(server.Address.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Equal(maxAttempts, server.Store.RequestsOf<LoadRequest>().Length);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.ResourceExhausted)]
    public async Task OtherFailuresAreNotRepeated(StatusCode status)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        server.Store.Before = (_, _) => throw new RpcException(new Status(status, "no"));

        await Assert.ThrowsAsync<RemoteSwapException>(async () => await connection.Area(1).StoreAsync(1, Pages.Any(1)));

        Assert.Single(server.Store.RequestsOf<StoreRequest>());
    }

    [Fact]
    public async Task MissingServerIsUnavailable()
    {
        int port;
        using (TcpListener listener = new(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        await using RemoteSwapConnection connection = RemoteSwapConnection.Open(new RemoteSwapClientOptions
        {
            Address = new Uri($"http://127.0.0.1:{port}"),
            Streams = streams,
            InitialBackoff = TimeSpan.FromMilliseconds(1),
        });

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.PingAsync(default));

        Assert.Equal(RemoteSwapError.Unavailable, failure.Error);
        Assert.Contains($"http://127.0.0.1:{port}/", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingSocketIsUnavailable()
    {
        await using RemoteSwapConnection connection = RemoteSwapConnection.Open(new RemoteSwapClientOptions
        {
            Address = new Uri("unix:///nonexistent/remoteswap.sock"),
            Streams = streams,
            InitialBackoff = TimeSpan.FromMilliseconds(1),
        });

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.PingAsync(default));

        Assert.Equal(RemoteSwapError.Unavailable, failure.Error);
    }

    [Fact]
    public async Task ServerThatIsSilentWhileConnectingIsUnavailable()
    {
        // A full backlog: the system answers no further connection.
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(backlog: 0);
        List<Socket> waiting = [];
        try
        {
            for (int i = 0; i < 4; i++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                waiting.Add(socket);
                _ = socket.ConnectAsync(listener.LocalEndPoint!);
            }

            await using RemoteSwapConnection connection = RemoteSwapConnection.Open(new RemoteSwapClientOptions
            {
                Address = new Uri($"http://{listener.LocalEndPoint}"),
                Streams = streams,
                InitialBackoff = TimeSpan.FromMilliseconds(1),
                ConnectTimeout = TimeSpan.FromMilliseconds(100),
            });

            RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
                async () => await connection.PingAsync(default));

            Assert.Equal(RemoteSwapError.Unavailable, failure.Error);
        }
        finally
        {
            waiting.ForEach(s => s.Dispose());
        }
    }

    private static void LoseReplies(FakeServer server, int losses) => server.Store.After = (_, _) =>
        Interlocked.Decrement(ref losses) >= 0 ? throw Unavailable() : Task.CompletedTask;

    private static RpcException Unavailable() => new(new Status(StatusCode.Unavailable, "lost"));
}
