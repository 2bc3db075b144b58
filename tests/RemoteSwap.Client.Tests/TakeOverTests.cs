using Grpc.Core;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>Taking a page over drops the server's copy only when the page is safe here.</summary>
public abstract class TakeOverTests(int streams)
{
    [Fact]
    public async Task PagesThatVerifiedAreAcknowledgedWithTheirGenerations()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(3), Pages.Many(3));
        ulong[] generations = [.. server.Store.RequestsOf<StoreRequest>().Single().Generations];
        byte[] loaded = new byte[4 * 4096];

        LoadOutcome[] outcomes = await area.LoadAsync(Pages.Slots(4), loaded, LoadMode.TakeOver);

        Assert.Equal([LoadOutcome.Loaded, LoadOutcome.Loaded, LoadOutcome.Loaded, LoadOutcome.NotFound], outcomes);
        Assert.Equal(Pages.Many(3), loaded[..(3 * 4096)]);
        Assert.True(Assert.Single(server.Store.RequestsOf<LoadRequest>()).Exclusive);
        InvalidateRequest acknowledgement = Assert.Single(server.Store.RequestsOf<InvalidateRequest>());
        Assert.True(acknowledgement.AcknowledgeLoad);
        Assert.Equal(Pages.Slots(3), acknowledgement.Slots);
        Assert.Equal(generations, acknowledgement.Generations);
        Assert.Null(server.Store.Find(1, 0));
    }

    [Fact]
    public async Task PageThatDidNotVerifyIsNotAcknowledged()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(3), Pages.Many(3));
        server.Store.Lie<LoadResponse>(r => r.PageChecksums[1]++);

        LoadOutcome[] outcomes = await area.LoadAsync(Pages.Slots(3), new byte[3 * 4096], LoadMode.TakeOver);

        Assert.Equal([LoadOutcome.Loaded, LoadOutcome.Corrupt, LoadOutcome.Loaded], outcomes);
        Assert.Equal([0UL, 2UL], Assert.Single(server.Store.RequestsOf<InvalidateRequest>()).Slots);
        Assert.NotNull(server.Store.Find(1, 1));
    }

    [Fact]
    public async Task NothingVerifiedAcknowledgesNothing()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);

        await connection.Area(1).LoadAsync(Pages.Slots(3), new byte[3 * 4096], LoadMode.TakeOver);

        Assert.Empty(server.Store.RequestsOf<InvalidateRequest>());
    }

    [Fact]
    public async Task KeepingSendsNoAcknowledgement()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(3), Pages.Many(3));

        await area.LoadAsync(Pages.Slots(3), new byte[3 * 4096]);

        Assert.False(Assert.Single(server.Store.RequestsOf<LoadRequest>()).Exclusive);
        Assert.Empty(server.Store.RequestsOf<InvalidateRequest>());
    }

    [Fact]
    public async Task PagesAreReturnedWhenTheAcknowledgementFails()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(7, Pages.Text(1));
        server.Store.Before = (request, _) => request is InvalidateRequest
            ? throw new RpcException(new Status(StatusCode.Internal, "broken"))
            : Task.CompletedTask;
        byte[] loaded = new byte[4096];

        Assert.Equal([LoadOutcome.Loaded], await area.LoadAsync(new ulong[] { 7 }, loaded, LoadMode.TakeOver));
        Assert.Equal(Pages.Text(1), loaded);
        Assert.NotNull(server.Store.Find(1, 7));
    }

    [Fact]
    public async Task PagesAreReturnedWhenTheAcknowledgementIsCancelled()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(7, Pages.Text(1));
        using CancellationTokenSource source = new();
        server.Store.After = async (request, _) =>
        {
            if (request is InvalidateRequest)
            {
                // The copy is gone; only the reply is not there yet.
                await source.CancelAsync();
            }
        };
        byte[] loaded = new byte[4096];

        Assert.Equal(
            [LoadOutcome.Loaded],
            await area.LoadAsync(new ulong[] { 7 }, loaded, LoadMode.TakeOver, source.Token));
        Assert.Equal(Pages.Text(1), loaded);
        Assert.Null(server.Store.Find(1, 7));
    }

    [Fact]
    public async Task FailureOfALaterPartDropsNoCopyOfAnEarlierOne()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        byte[] pages = Pages.Many(1024);
        await area.StoreAsync(Pages.Slots(1024), pages);
        server.Store.Before = (request, _) => request is LoadRequest load && load.Slots[0] == 512
            ? throw new RpcException(new Status(StatusCode.Internal, "broken"))
            : Task.CompletedTask;

        await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await area.LoadAsync(Pages.Slots(1024), new byte[1024 * 4096], LoadMode.TakeOver));

        Assert.Empty(server.Store.RequestsOf<InvalidateRequest>());
        Assert.All(Pages.Slots(1024), slot => Assert.NotNull(server.Store.Find(1, slot)));
    }

    [Fact]
    public async Task BatchOfSeveralPartsIsTakenOverWhole()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        byte[] pages = Pages.Many(1300);
        byte[] loaded = new byte[pages.Length];
        await area.StoreAsync(Pages.Slots(1300), pages);

        LoadOutcome[] outcomes = await area.LoadAsync(Pages.Slots(1300), loaded, LoadMode.TakeOver);

        Assert.All(outcomes, o => Assert.Equal(LoadOutcome.Loaded, o));
        Assert.Equal(pages, loaded);
        Assert.All(Pages.Slots(1300), slot => Assert.Null(server.Store.Find(1, slot)));
        Assert.Equal(3, server.Store.RequestsOf<InvalidateRequest>().Length);
    }
}
