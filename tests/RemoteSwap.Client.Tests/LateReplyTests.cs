using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>
/// Replies to calls that were given up: the caller has its memory back, and nothing is written there any more.
/// </summary>
public sealed class LateReplyTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task MemoryOfACallThatWasGivenUpIsNotWrittenTo(bool isBatch, bool isDeadline)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        FakeTimeProvider time = new();
        await using RemoteSwapConnection connection = server.Connect(streams: 1, time: time);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(3), Pages.Many(3));
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        using CancellationTokenSource source = new();
        byte[] room = new byte[isBatch ? 3 * 4096 : 4096];

        Task load = isBatch
            ? area.LoadAsync(Pages.Slots(3), room, LoadMode.TakeOver, source.Token).AsTask()
            : area.LoadAsync(0, room, source.Token).AsTask();
        ExchangeRequest request = await stream.ReadAsync();
        if (isDeadline)
        {
            // By several steps, with replies between them: a stream that is not silent is kept.
            for (int step = 0; step < 7; step++)
            {
                time.Advance(TimeSpan.FromSeconds(10));
                await PingAsync(connection, stream);
            }
        }
        else
        {
            await source.CancelAsync();
        }

        Exception? failure = await Record.ExceptionAsync(() => load);
        Assert.True(isDeadline
            ? failure is RemoteSwapException { Error: RemoteSwapError.DeadlineExceeded }
            : failure is OperationCanceledException);
        room.AsSpan().Fill(0xEE);
        await stream.AnswerAsync(request);
        await PingAsync(connection, stream);

        Assert.Equal(-1, room.AsSpan().IndexOfAnyExcept((byte)0xEE));
        await AssertLoadsAsync(area, stream);
    }

    [Fact]
    public async Task ZpageBatchOfACallThatWasGivenUpIsNotWrittenTo()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(3), Pages.Many(3));
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        using CancellationTokenSource source = new();
        ZpageBatch batch = new(3) { Count = 3, Zpages = new byte[3 * 4096] };
        Pages.Slots(3).CopyTo(batch.Slots);

        Task load = area.LoadZpagesAsync(batch, source.Token).AsTask();
        ExchangeRequest request = await stream.ReadAsync();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load);
        batch.Count = 1;
        await stream.AnswerAsync(request);
        await PingAsync(connection, stream);

        Assert.Equal(-1, batch.Zpages.Span.IndexOfAnyExcept((byte)0));
        Assert.Equal(LoadOutcome.None, batch.LoadOutcomes[0]);
    }

    [Fact]
    public async Task CallerThatGivesUpLeavesTheOthersOfItsBatchAlone()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1, time: new FakeTimeProvider());
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(12), Pages.Many(12));
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        using CancellationTokenSource source = new();
        byte[][] rooms = [.. Enumerable.Range(0, 12).Select(_ => new byte[4096])];

        Task<LoadOutcome>[] loads =
        [
            .. rooms.Select((room, i) => area.LoadAsync(
                (ulong)i, room, i is 5 or 7 ? source.Token : CancellationToken.None).AsTask()),
        ];
        ExchangeRequest[] alone = [await stream.ReadAsync(), await stream.ReadAsync()];
        await stream.AnswerAsync(alone[0]);
        ExchangeRequest gathered = await stream.ReadAsync();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loads[5]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loads[7]);
        rooms[5].AsSpan().Fill(0xEE);
        await stream.AnswerAsync(alone[1]);
        await stream.AnswerAsync(gathered);

        for (int i = 0; i < loads.Length; i++)
        {
            if (i is not (5 or 7))
            {
                Assert.Equal(LoadOutcome.Loaded, await loads[i]);
                Assert.Equal(Pages.Any(i), rooms[i]);
            }
        }

        Assert.Equal(-1, rooms[5].AsSpan().IndexOfAnyExcept((byte)0xEE));
        Assert.Equal(10, gathered.Load.Slots.Count);
    }

    [Fact]
    public async Task MemoryThatThrowsFailsItsCallOnly()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1, time: new FakeTimeProvider());
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(6), Pages.Many(6));
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        BrokenMemory broken = new();
        byte[] room = new byte[4096];

        Task<LoadOutcome> first = area.LoadAsync(0, new byte[4096]).AsTask();
        Task<LoadOutcome> second = area.LoadAsync(1, new byte[4096]).AsTask();
        Task<LoadOutcome> bad = area.LoadAsync(2, broken.Memory).AsTask();
        Task<LoadOutcome> good = area.LoadAsync(3, room).AsTask();
        Task<LoadOutcome[]> badBatch = area.LoadAsync(Pages.Slots(1), broken.Memory).AsTask();
        broken.IsBroken = true;
        _ = stream.ServeAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() => bad);
        await Assert.ThrowsAsync<NotSupportedException>(() => badBatch);
        Assert.Equal(
            [LoadOutcome.Loaded, LoadOutcome.Loaded, LoadOutcome.Loaded], [await first, await second, await good]);
        Assert.Equal(Pages.Any(3), room);
    }

    private static async Task PingAsync(RemoteSwapConnection connection, FakeStream stream)
    {
        Task ping = connection.PingAsync(default).AsTask();
        await stream.AnswerAsync(await stream.ReadAsync());
        await ping;
    }

    private static async Task AssertLoadsAsync(SwapArea area, FakeStream stream)
    {
        byte[] room = new byte[4096];
        Task<LoadOutcome> load = area.LoadAsync(0, room).AsTask();
        await stream.AnswerAsync(await stream.ReadAsync());
        Assert.Equal(LoadOutcome.Loaded, await load);
        Assert.Equal(Pages.Any(0), room);
    }
}
