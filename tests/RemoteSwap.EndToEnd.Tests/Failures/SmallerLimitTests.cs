using RemoteSwap.Client;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>A server comes back with less memory than its client had pages in it.</summary>
public sealed class SmallerLimitTests
{
    private const int Slots = 2_000;
    private const int Stored = 1_500;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task RefusedSlotsAreEmptyLostOnesStayLostAndStoredOnesAreRight()
    {
        await using FailingServer server = await FailingServer.StartAsync("--limit=64MiB");
        await using RemoteSwapConnection connection = server.Connect(s_deadline);
        await using AttachedArea area = (await connection.AttachAsync(0)).Area!;
        Assert.All(
            await SlotPages.StoreAsync(area.Pages, Slots, version: 1),
            outcome => Assert.Equal(StoreOutcome.Stored, outcome));

        await server.KillAsync();
        await server.StartAgainAsync("--limit=4MiB");
        StoreOutcome[] stores =
            await SlotPages.UntilAnsweredAsync(() => SlotPages.StoreAsync(area.Pages, Stored, version: 2));
        (LoadOutcome[] loads, byte[] pages) =
            await SlotPages.UntilAnsweredAsync(() => SlotPages.LoadAsync(area.Pages, Slots));

        for (int slot = 0; slot < Slots; slot++)
        {
            LoadOutcome right = slot >= Stored ? LoadOutcome.Lost
                : stores[slot] == StoreOutcome.Stored ? LoadOutcome.Loaded
                : LoadOutcome.NotFound;
            Assert.True(right == loads[slot], $"slot {slot} is {loads[slot]} and not {right}");
            if (right == LoadOutcome.Loaded)
            {
                Assert.Equal(SlotPages.Of((ulong)slot, version: 2), SlotPages.Page(pages, slot));
            }
        }

        Assert.Contains(StoreOutcome.Stored, stores);
        Assert.Contains(stores, outcome => outcome is StoreOutcome.TenantLimit or StoreOutcome.PoolLimit);

        // Room is made, and work goes on.
        await area.Pages.InvalidateRangeAsync(0, Slots);
        Assert.Equal([StoreOutcome.Stored], await SlotPages.StoreAsync(area.Pages, slots: 1, version: 3));
    }
}
