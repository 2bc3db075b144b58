using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Client.Requests;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>Calls of this project's own device, which go on where their reply is received.</summary>
public sealed class ReceiverCallTests
{
    [Fact]
    public async Task PagesOfOneMessageGoOnInOneBurst()
    {
        const int Count = 12;
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(Count), Pages.Many(Count));
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        NotedBurst burst = new();
        byte[][] rooms = [.. Enumerable.Range(0, Count).Select(_ => new byte[4096])];

        Task<bool>[] loads = [.. rooms.Select((room, i) => LoadAsync(area, (ulong)i, room, burst))];
        int answered = 0;
        while (answered < Count)
        {
            ExchangeRequest request = await stream.ReadAsync();
            answered += request.Load.Slots.Count;
            await stream.AnswerAsync(request);
        }

        bool[] wereInside = await Task.WhenAll(loads);
        Assert.All(wereInside, Assert.True);
        Assert.Equal(Pages.Many(Count), rooms.SelectMany(room => room));
        Assert.True(burst.Begun is > 0 and < Count, $"{burst.Begun} bursts for {Count} pages");
    }

    [Fact]
    public async Task ACallThatTimesOutGoesOnElsewhere()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        FakeTimeProvider time = new();
        await using RemoteSwapConnection connection = server.Connect(streams: 1, time: time);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(1), Pages.Many(1));
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);
        NotedBurst burst = new();

        Task<int> load = ThreadOfFailureAsync(area, burst);
        await stream.ReadAsync();
        while (!load.IsCompleted)
        {
            int sweeper = Environment.CurrentManagedThreadId;
            time.Advance(TimeSpan.FromSeconds(10));
            if (load.IsCompleted)
            {
                Assert.NotEqual(sweeper, await load);
            }

            await Task.Delay(1);
        }

        await load;
        Assert.Equal(0, burst.Begun);
    }

    private static async Task<bool> LoadAsync(SwapArea area, ulong slot, byte[] room, NotedBurst burst)
    {
        await area.LoadOneAsync(slot, room, burst, CancellationToken.None).ConfigureAwait(false);
        return NotedBurst.IsInside;
    }

    private static async Task<int> ThreadOfFailureAsync(SwapArea area, NotedBurst burst)
    {
        try
        {
            await area.LoadOneAsync(0, new byte[4096], burst, CancellationToken.None).ConfigureAwait(false);
            return 0;
        }
        catch (RemoteSwapException)
        {
            return Environment.CurrentManagedThreadId;
        }
    }

    private sealed class NotedBurst : ICompletionBurst
    {
        [ThreadStatic]
        private static int t_depth;

        private int _begun;

        public int Begun => Volatile.Read(ref _begun);

        public static bool IsInside => t_depth > 0;

        public void Begin()
        {
            Interlocked.Increment(ref _begun);
            t_depth++;
        }

        public void End() => t_depth--;
    }
}
