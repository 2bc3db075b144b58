using RemoteSwap.Client;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>The server stands still for longer than a lease and than a call may take.</summary>
public sealed class PausedServerTests
{
    private const int Slots = 40;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CallsFailAndNothingIsLostOrFenced(bool waits)
    {
        await using FailingServer server = await FailingServer.StartAsync("--limit=64MiB", "--Store:Lease=1s");
        await using RemoteSwapConnection connection = server.Connect(s_deadline, waits);
        await using AttachedArea area = await SlotPages.AttachAsync(connection);
        await SlotPages.UntilAnsweredAsync(() => SlotPages.StoreAsync(area.Pages, Slots, version: 1));

        await server.PauseAsync();
        Task pause = Task.Delay(s_pause);
        RemoteSwapException failed = await Assert.ThrowsAsync<RemoteSwapException>(
            () => SlotPages.StoreAsync(area.Pages, slots: 1, version: 2));
        await pause;
        await server.GoOnAsync();

        Assert.Equal(RemoteSwapError.DeadlineExceeded, failed.Error);
        (LoadOutcome[] outcomes, byte[] pages) =
            await SlotPages.UntilAnsweredAsync(() => SlotPages.LoadAsync(area.Pages, Slots));
        Assert.All(outcomes, outcome => Assert.Equal(LoadOutcome.Loaded, outcome));
        for (int slot = 1; slot < Slots; slot++)
        {
            Assert.Equal(SlotPages.Of((ulong)slot, version: 1), SlotPages.Page(pages, slot));
        }

        // The store that got no answer may have been carried out or not.
        Assert.Contains(SlotPages.Page(pages, 0), new[] { SlotPages.Of(0, version: 1), SlotPages.Of(0, version: 2) });
        Assert.False(area.Fenced.IsCancellationRequested);

        Assert.Equal([StoreOutcome.Stored], await SlotPages.UntilAnsweredAsync(
            () => SlotPages.StoreAsync(area.Pages, slots: 1, version: 3)));
        (outcomes, pages) = await SlotPages.UntilAnsweredAsync(() => SlotPages.LoadAsync(area.Pages, slots: 1));
        Assert.Equal([LoadOutcome.Loaded], outcomes);
        Assert.Equal(SlotPages.Of(0, version: 3), pages);
    }
}
