using RemoteSwap.Client;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>
/// The server is killed under load and started again: its pages are lost, not empty, and work goes on.
/// </summary>
public sealed class KilledServerTests
{
    private const int Slots = 300;
    private const ulong Emptied = 7;
    private const ulong LoadSlot = 9_000;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AcknowledgedPagesAreLostUntilTheyAreStoredAgain(bool waits)
    {
        await using FailingServer server = await FailingServer.StartAsync("--limit=64MiB");
        await using RemoteSwapConnection connection = server.Connect(s_deadline, waits);
        await using AttachedArea area = (await connection.AttachAsync(0)).Area!;
        Assert.All(await SlotPages.StoreAsync(area.Pages, Slots, version: 1), IsStored);
        Assert.Equal(InvalidateOutcome.Invalidated, await area.Pages.InvalidateAsync(Emptied));
        using CancellationTokenSource over = new();
        Task<int> load = LoadOnAsync(area.Pages, over.Token);

        await server.KillAsync();
        await server.StartAgainAsync("--limit=64MiB");

        (LoadOutcome[] outcomes, _) = await SlotPages.UntilAnsweredAsync(() => SlotPages.LoadAsync(area.Pages, Slots));
        for (int slot = 0; slot < Slots; slot++)
        {
            Assert.Equal((ulong)slot == Emptied ? LoadOutcome.NotFound : LoadOutcome.Lost, outcomes[slot]);
        }

        Assert.All(
            await SlotPages.UntilAnsweredAsync(() => SlotPages.StoreAsync(area.Pages, Slots / 2, version: 2)),
            IsStored);
        (outcomes, byte[] pages) =
            await SlotPages.UntilAnsweredAsync(() => SlotPages.LoadAsync(area.Pages, Slots));
        for (int slot = 0; slot < Slots / 2; slot++)
        {
            Assert.Equal(LoadOutcome.Loaded, outcomes[slot]);
            Assert.Equal(SlotPages.Of((ulong)slot, version: 2), SlotPages.Page(pages, slot));
        }

        Assert.All(outcomes[(Slots / 2)..], outcome => Assert.Equal(LoadOutcome.Lost, outcome));
        Assert.Equal(InvalidateOutcome.NotFound, await area.Pages.InvalidateAsync(Slots - 1));
        Assert.Equal(LoadOutcome.NotFound, await area.Pages.LoadAsync(Slots - 1, new byte[4_096]));
        Assert.False(area.Fenced.IsCancellationRequested);
        await over.CancelAsync();
        Assert.InRange(await load, 1, int.MaxValue);
    }

    // On slots of its own, so that calls are under way when the server dies.
    private static async Task<int> LoadOnAsync(SwapArea area, CancellationToken over)
    {
        int answered = 0;
        byte[] page = SlotPages.Of(LoadSlot, version: 3);
        byte[] loaded = new byte[page.Length];
        while (!over.IsCancellationRequested)
        {
            StoreOutcome stored = await SlotPages.UntilAnsweredAsync(() => area.StoreAsync(LoadSlot, page).AsTask());
            Assert.Contains(stored, new[] { StoreOutcome.Stored, StoreOutcome.Stale });
            LoadOutcome outcome =
                await SlotPages.UntilAnsweredAsync(() => area.LoadAsync(LoadSlot, loaded).AsTask());
            Assert.Contains(outcome, new[] { LoadOutcome.Loaded, LoadOutcome.Lost });
            Assert.True(outcome == LoadOutcome.Lost || page.AsSpan().SequenceEqual(loaded));
            answered++;
        }

        return answered;
    }

    private static void IsStored(StoreOutcome outcome) => Assert.Equal(StoreOutcome.Stored, outcome);
}
