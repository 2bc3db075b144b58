using System.Net;
using Google.Protobuf;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Operations;

/// <summary>A server that is asked to stop refuses new pages and finishes what runs.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task DrainingServerTakesNoPagesButGivesThemBack()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Pages.StoreAsync(Batch.Store([1, 2], [PageKinds.Text(1), PageKinds.Text(2)]));

        server.Server.PageStore.BeginDrain();

        Assert.Equal(StoreOutcome.Draining, await server.StoreOneAsync(1, PageKinds.Text(3), generation: 2));
        Assert.Equal(StoreOutcome.Draining, await server.StoreOneAsync(3, PageKinds.Filled(3)));
        Assert.Equal(LoadOutcome.NotFound, await server.LoadOutcomeAsync(1));
        await server.AssertHoldsAsync([2], [PageKinds.Text(2)]);
        Assert.Equal(
            [InvalidateOutcome.Invalidated], (await server.Pages.InvalidateAsync(Batch.Invalidate(2))).Outcomes);
        Assert.Equal(2UL, (await server.StatisticsAsync()).RejectDisabled);
    }

    [Fact]
    public async Task CallsUnderWayFinishWhileTheServerStops()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] page = PageKinds.Text(2);
        await server.StoreOneAsync(2, page);
        (HeldContent load, Task<(int Status, byte[] Reply)> loading) = Hold(server, "Load", Batch.Load([2]));
        (HeldContent store, Task<(int Status, byte[] Reply)> storing) = Hold(server, "Store", Batch.Store(3, page));
        await load.Begun;
        await store.Begun;

        Task stopping = server.Server.StopAsync();
        using CancellationTokenSource bound = new(s_liveness);
        while (await CanConnectAsync(server.Server.GrpcAddress))
        {
            await Task.Delay(10, bound.Token);
        }

        Assert.False(stopping.IsCompleted);
        load.Release();
        store.Release();

        LoadRequest request = Batch.Load([2]);
        LoadedPages.AssertPages(LoadResponse.Parser.ParseFrom(await ReplyAsync(loading)), request, [page]);
        Assert.Equal([StoreOutcome.Draining], StoreResponse.Parser.ParseFrom(await ReplyAsync(storing)).Outcomes);
        await stopping.WaitAsync(s_liveness);
    }

    private static (HeldContent Body, Task<(int Status, byte[] Reply)> Call) Hold(
        TestServer server, string method, IMessage request)
    {
        HeldContent body = new(RawCall.Framed(request.ToByteArray()));
        return (body, RawCall.PostAsync(
            server.Server.GrpcAddress, $"/{PageStoreService.Descriptor.FullName}/{method}", body));
    }

    private static async Task<byte[]> ReplyAsync(Task<(int Status, byte[] Reply)> call)
    {
        (int status, byte[] reply) = await call;
        Assert.Equal(0, status);
        return reply[RawCall.PrefixBytes..];
    }

    private static async Task<bool> CanConnectAsync(Uri address)
    {
        using System.Net.Sockets.TcpClient client = new();
        try
        {
            await client.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
