using RemoteSwap.Client.Gathering;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;
using static RemoteSwap.Client.Tests.Gathering.PluggedCalls;

namespace RemoteSwap.Client.Tests.Gathering;

/// <summary>Nothing that holds without a plug is given up for one, and nothing is left behind at its end.</summary>
public sealed class PlugRuleTests
{
    private const uint Area = 1;

    [Fact]
    public async Task WhatIsDoneToOneSlotUnderAPlugKeepsItsOrder()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        SwapArea area = connection.Area(Area);

        Plugged(() =>
        [
            StoreAsync(area, 5),
            area.LoadAsync(5, new byte[4096]).AsTask(),
            area.InvalidateAsync(5).AsTask(),
            StoreAsync(area, 6),
            StoreAsync(area, 7),
        ]);

        Assert.Equal([5ul], (await NextAsync(stream)).Store.Slots);
        Assert.Equal([5ul], (await NextAsync(stream)).Load.Slots);

        // The gatherer that was used first.
        Assert.Equal([6ul, 7], (await NextAsync(stream)).Store.Slots);
        Assert.Equal([5ul], (await NextAsync(stream)).Invalidate.Slots);
    }

    [Fact]
    public async Task ABatchThatIsFullGoesUnderThePlug()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        SwapArea area = connection.Area(Area);

        Plugged(
            () => [.. Enumerable.Range(0, Gatherer.MaxPages + 3).Select(slot => LoadAsync(area, slot))],
            () => Assert.Equal(1, stream.Unread));

        Assert.Equal(Gatherer.MaxPages, (await NextAsync(stream)).Load.Slots.Count);
        Assert.Equal(3, (await NextAsync(stream)).Load.Slots.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AtItsEndPagesWaitForRepliesOnlyWhereThoseWithoutAPlugDo(int underWay)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        SwapArea area = connection.Area(Area);
        List<ExchangeRequest> first = [];
        for (int slot = 0; slot < underWay; slot++)
        {
            _ = LoadAsync(area, slot);
            first.Add(await NextAsync(stream));
        }

        Plugged(
            () => [LoadAsync(area, 10), LoadAsync(area, 11), LoadAsync(area, 12)],
            () => Assert.Equal(0, stream.Unread));
        if (underWay == Gatherer.MostUnderWay)
        {
            await Task.Delay(Moment);
            Assert.Equal(0, stream.Unread);
            await stream.AnswerAsync(first[0]);
        }

        Assert.Equal([10ul, 11, 12], (await NextAsync(stream)).Load.Slots);
    }

    [Fact]
    public async Task ABatchThatEndsUnderAPlugLetsThePagesGoAsWithoutOne()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        SwapArea area = connection.Area(Area);
        _ = LoadAsync(area, 1);
        ExchangeRequest first = await NextAsync(stream);

        Plugged(
            () => [LoadAsync(area, 2), LoadAsync(area, 3)],
            () =>
            {
                OnAnotherThread(() => stream.AnswerAsync(first).Wait(MostWait));
                SpinWait.SpinUntil(() => stream.Unread == 1, MostWait);
                Assert.Equal(1, stream.Unread);
            });

        Assert.Equal([2ul, 3], (await NextAsync(stream)).Load.Slots);
        Assert.Equal(0, stream.Unread);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task APageOfAThreadWithoutAPlugTakesAlongWhatIsHeld(bool isBusy)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        SwapArea area = connection.Area(Area);
        ExchangeRequest? first = null;
        if (isBusy)
        {
            _ = LoadAsync(area, 0);
            first = await NextAsync(stream);
        }

        Plugged(() =>
        {
            Task held = LoadAsync(area, 1);
            Task? taken = null;
            OnAnotherThread(() => taken = LoadAsync(area, 2));
            SpinWait.SpinUntil(() => stream.Unread == 1, MostWait);
            Assert.Equal(1, stream.Unread);
            return [held, taken!, LoadAsync(area, 3)];
        });

        Assert.Equal([1ul, 2], (await NextAsync(stream)).Load.Slots);
        if (first is not null)
        {
            // What came behind it has enough to wait for.
            await Task.Delay(Moment);
            Assert.Equal(0, stream.Unread);
            await stream.AnswerAsync(first);
        }

        Assert.Equal([3ul], (await NextAsync(stream)).Load.Slots);
    }

    [Fact]
    public async Task ACallThatIsCancelledUnderAPlugLeavesNothingBehindAndTheOthersAlone()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = Connect(server, streams: 1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        SwapArea area = connection.Area(Area);
        using CancellationTokenSource cancelled = new();

        Task[] calls = Plugged(
            () => [LoadAsync(area, 1, cancelled.Token), LoadAsync(area, 2)], () => cancelled.Cancel());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calls[0]);
        await stream.AnswerAsync(await NextAsync(stream));
        await calls[1].WaitAsync(MostWait);
        _ = LoadAsync(area, 3);
        Assert.Equal([3ul], (await NextAsync(stream)).Load.Slots);
    }

    [Fact]
    public async Task CallsThatAreHeldWhenTheConnectionIsClosedFailAtTheEndOfThePlug()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        RemoteSwapConnection connection = Connect(server, streams: 4);
        SwapArea area = connection.Area(Area);

        Task[] calls = Plugged(
            () => [.. Enumerable.Range(0, 16).Select(slot => LoadAsync(area, slot))],
            () => OnAnotherThread(() => connection.DisposeAsync().AsTask().Wait(MostWait)));

        foreach (Task call in calls)
        {
            RemoteSwapException failure =
                await Assert.ThrowsAsync<RemoteSwapException>(() => call.WaitAsync(MostWait));
            Assert.Equal(RemoteSwapError.Cancelled, failure.Error);
        }
    }
}
