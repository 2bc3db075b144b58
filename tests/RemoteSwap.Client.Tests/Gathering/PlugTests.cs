using RemoteSwap.Client.Gathering;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;
using static RemoteSwap.Client.Tests.Gathering.PluggedCalls;

namespace RemoteSwap.Client.Tests.Gathering;

/// <summary>Pages that a thread sends one directly after the other: under a plug they go together at its end.</summary>
public sealed class PlugTests
{
    private const uint Area = 1;

    [Fact]
    public async Task PagesUnderAPlugGoAsOneMessageALaneAtItsEndAndNotBefore()
    {
        const int Count = 16;
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 4);
        SwapArea area = connection.Area(Area);
        byte[] pages = Pages.Many(Count);
        byte[] room = new byte[pages.Length];

        Task[] stores = Plugged(
            () => [.. Enumerable.Range(0, Count).Select(slot => StoreAsync(area, slot, Pages.Nth(pages, slot)))],
            () => Assert.Equal(0, server.Store.Exchanges.Streams));
        await Task.WhenAll(stores).WaitAsync(MostWait);
        AssertOneALane(server, Count, request => request.Store?.Slots);

        server.Store.Exchanges.Requests.Clear();
        Task[] loads = Plugged(
            () =>
            [
                .. Enumerable.Range(0, Count).Select(slot =>
                    area.LoadAsync((ulong)slot, room.AsMemory(slot * 4096, 4096)).AsTask()),
            ],
            () => Assert.Empty(server.Store.Exchanges.Requests));
        await Task.WhenAll(loads).WaitAsync(MostWait);
        AssertOneALane(server, Count, request => request.Load?.Slots);
        Assert.Equal(pages, room);
    }

    [Fact]
    public async Task OnePageGoesAtOnceWithoutAPlugAndAtTheEndOfOne()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        SwapArea area = connection.Area(Area);

        Task free = StoreAsync(area, 1);
        Assert.Equal([1ul], (await NextAsync(stream)).Store.Slots);
        Task[] plugged = Plugged(() => [StoreAsync(area, 2)], () => Assert.Equal(0, stream.Unread));
        Assert.Equal([2ul], (await NextAsync(stream)).Store.Slots);

        Assert.False(free.IsCompleted || plugged[0].IsCompleted);
    }

    [Fact]
    public async Task APlugIsForAllAreasOfItsThread()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        SwapArea one = connection.Area(1);
        SwapArea two = connection.Area(2);

        Plugged(
            () => [StoreAsync(one, 1), StoreAsync(two, 1), StoreAsync(one, 2), StoreAsync(two, 2)],
            () => Assert.Equal(0, stream.Unread));

        StoreRequest[] stores = [(await NextAsync(stream)).Store, (await NextAsync(stream)).Store];
        Assert.Equal([1u, 2u], stores.Select(store => store.Area));
        Assert.All(stores, store => Assert.Equal([1ul, 2], store.Slots));
    }

    [Fact]
    public async Task PagesOfMoreGatherersThanAPlugHoldsBackGoAtOnce()
    {
        const int Further = 2;
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);

        Plugged(
            () =>
            [
                .. Enumerable.Range(1, Plug.MostGatherers + Further).Select(area =>
                    StoreAsync(connection.Area((uint)area), area)),
            ],
            () =>
            {
                SpinWait.SpinUntil(() => stream.Unread >= Further, MostWait);
                Assert.Equal(Further, stream.Unread);
            });

        HashSet<ulong> slots = [];
        while (slots.Count < Plug.MostGatherers + Further)
        {
            ExchangeRequest request = await NextAsync(stream);
            slots.UnionWith(request.Store.Slots);
            await stream.AnswerAsync(request);
        }
    }

    [Fact]
    public async Task OfPlugsInEachOtherTheOutermostCounts()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        SwapArea area = connection.Area(Area);

        Plugged(
            () => [.. Plugged(() => [LoadAsync(area, 1)]), LoadAsync(area, 2)],
            () => Assert.Equal(0, stream.Unread));

        Assert.Equal([1ul, 2], (await NextAsync(stream)).Load.Slots);
    }

    [Fact]
    public async Task APlugEndsOnceAndOnItsThread()
    {
        Assert.Throws<InvalidOperationException>(Plug.End);
        Plugged(() =>
        {
            OnAnotherThread(() => Assert.Throws<InvalidOperationException>(Plug.End));
            return [];
        });
        Assert.Throws<InvalidOperationException>(Plug.End);

        await OnePageGoesAtOnceWithoutAPlugAndAtTheEndOfOne();
    }

    private static void AssertOneALane(
        FakeServer server, int count, Func<ExchangeRequest, IEnumerable<ulong>?> slotsOf)
    {
        (int Stream, ExchangeRequest Request)[] requests = [.. server.Store.Exchanges.Requests];
        Assert.Equal(requests.Length, requests.DistinctBy(one => one.Stream).Count());
        Assert.InRange(requests.Length, 2, 4);
        ulong[] slots = [.. requests.SelectMany(one => slotsOf(one.Request) ?? []).Order()];
        Assert.Equal(Pages.Slots(count), slots);
    }
}
