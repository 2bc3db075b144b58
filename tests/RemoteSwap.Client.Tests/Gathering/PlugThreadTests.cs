using RemoteSwap.Client.Tests.Fakes;
using Xunit;
using static RemoteSwap.Client.Tests.Gathering.PluggedCalls;

namespace RemoteSwap.Client.Tests.Gathering;

/// <summary>
/// Several threads with plugs of their own on the same gatherers, and some without: every call ends, and a slot's calls
/// take effect in the order in which they were begun.
/// </summary>
public sealed class PlugThreadTests
{
    private const int Threads = 4;
    private const int Rounds = 60;
    private const int SlotsEach = 6;
    private const int MostTogether = 24;

    [Fact]
    public async Task CallsOfManyThreadsUnderPlugsAllEndAndKeepTheirOrder()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 3);
        SwapArea area = connection.Area(1);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() => RunAsync(area, thread))));
    }

    private static async Task RunAsync(SwapArea area, int thread)
    {
        Random random = new(thread);
        int[] seeds = new int[SlotsEach];
        for (int round = 0; round < Rounds; round++)
        {
            Func<Task[]> begin = () =>
                [.. Enumerable.Range(0, random.Next(1, MostTogether)).Select(_ => Begin(area, thread, random, seeds))];
            Task[] calls = random.Next(4) == 0 ? begin() : Plugged(begin);
            await Task.WhenAll(calls).WaitAsync(MostWait);
        }
    }

    // What a slot holds is the page of its seed; of 0 there is none.
    private static Task Begin(SwapArea area, int thread, Random random, int[] seeds)
    {
        int index = random.Next(SlotsEach);
        int slot = (thread * SlotsEach) + index;
        switch (random.Next(3))
        {
            case 0:
                seeds[index] = random.Next(1, 1000);
                return StoreAsync(area, slot, Pages.Any(seeds[index]));
            case 1:
                seeds[index] = 0;
                return area.InvalidateAsync((ulong)slot).AsTask();
            default:
                return AssertLoadedAsync(area, slot, seeds[index] == 0 ? new byte[4096] : Pages.Any(seeds[index]));
        }
    }

    private static async Task AssertLoadedAsync(SwapArea area, int slot, byte[] expected)
    {
        byte[] page = new byte[4096];
        await area.LoadAsync((ulong)slot, page);
        Assert.Equal(expected, page);
    }
}
