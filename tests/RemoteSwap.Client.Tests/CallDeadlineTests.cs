using RemoteSwap.Client.Tests.Fakes;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>Calls that are no part of a stream tell the server how long they may take.</summary>
public sealed class CallDeadlineTests
{
    [Fact]
    public async Task EveryCallCarriesTheDeadline()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 0, callDeadline: TimeSpan.FromMinutes(7));
        SwapArea area = connection.Area(1);
        DateTime before = DateTime.UtcNow;

        await area.StoreAsync(1, Pages.Any(1));
        await area.StoreAsync(Pages.Slots(600), Pages.Many(600));
        await area.LoadAsync(Pages.Slots(3), new byte[3 * 4096], LoadMode.TakeOver);
        await area.InvalidateAsync(1);
        await area.InvalidateRangeAsync(0, 9);
        await area.InvalidateAllAsync();
        await connection.ReclaimAsync(1);
        await connection.PingAsync(default);

        // The server reckons the deadline from the time left, by its own clock, so a second more or less is no fault.
        DateTime earliest = before + TimeSpan.FromMinutes(7) - TimeSpan.FromSeconds(1);
        DateTime latest = DateTime.UtcNow + TimeSpan.FromMinutes(7) + TimeSpan.FromSeconds(1);
        Assert.Equal(10, server.Store.Deadlines.Count);
        Assert.All(server.Store.Deadlines, deadline => Assert.InRange(deadline, earliest, latest));
    }
}
