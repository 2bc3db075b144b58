using RemoteSwap.Server.Transport;

namespace RemoteSwap.Server.Tests.Direct;

/// <summary>What takes long leaves the threads that poll sockets, and nothing else does.</summary>
public sealed class PollerTests
{
    [Fact]
    public async Task WhoIsOnAPollerGoesOnInThePoolAndWhoIsThereStays()
    {
        TaskCompletionSource<bool> wentOn = new();
        Thread poller = new(() => _ = GoOnAsync(wentOn));
        poller.Start();
        Assert.True(await wentOn.Task);

        await Task.Run(() => Assert.True(Poller.LeaveAsync().GetAwaiter().IsCompleted));
    }

    [Fact]
    public void ATurnEndsByBytesOrByRounds()
    {
        PollerTurn bytes = default;
        Assert.False(bytes.IsOver(PollerTurn.MostBytes / 4));
        Assert.True(bytes.IsOver(2L * PollerTurn.MostBytes));

        // The turn begins anew each millisecond, and this thread may be kept from going on for one.
        PollerTurn rounds = default;
        bool isOver = false;
        for (int i = 0; i < 1_000_000 && !isOver; i++)
        {
            isOver = rounds.IsOver(1);
        }

        Assert.True(isOver);
    }

    private static async Task GoOnAsync(TaskCompletionSource<bool> wentOn)
    {
        await Poller.LeaveAsync();
        wentOn.SetResult(Thread.CurrentThread.IsThreadPoolThread);
    }
}
