using RemoteSwap.Client;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>
/// A server with a spill file that it keeps is killed: what was spilled is there again, and only what was in memory is
/// lost. The client is the same all the time, and its record checks each page.
/// </summary>
public sealed class KilledSpillTests : IDisposable
{
    private const int Slots = 300;
    private const int Spilled = 200;
    private const ulong Emptied = 7;
    private const ulong Replaced = 8;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("remoteswap-test-").FullName;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SpilledPagesSurviveAndOnlyTheOthersAreLost(bool resumes)
    {
        string[] settings =
            ["--limit=64MiB", $"--spill={Path.Combine(_folder, "spill")}", $"--state={_folder}", "--spill-limit=64MiB"];
        await using FailingServer server = await FailingServer.StartAsync(settings);
        await using RemoteSwapConnection connection = server.Connect(s_deadline, waits: true);
        AttachedArea area = (await connection.AttachAsync(0)).Area!;
        Assert.All(await SlotPages.StoreAsync(area.Pages, Spilled, version: 1), IsStored);
        ReclaimResult reclaimed = await connection.ReclaimAsync(10_000);
        Assert.True(reclaimed.FramesFreed > 0, reclaimed.ToString());
        Assert.Equal(InvalidateOutcome.Invalidated, await area.Pages.InvalidateAsync(Emptied));
        Assert.Equal(
            StoreOutcome.Stored, await area.Pages.StoreAsync(Replaced, SlotPages.Of(Replaced, version: 2)));
        for (ulong slot = Spilled; slot < Slots; slot++)
        {
            IsStored(await area.Pages.StoreAsync(slot, SlotPages.Of(slot, version: 1)));
        }

        await server.KillAsync();
        await server.StartAgainAsync(settings);

        // The same process, or another life of it that has only the session's ticket.
        await using RemoteSwapConnection other = server.Connect(s_deadline, waits: true);
        if (resumes)
        {
            SessionTicket ticket = area.Ticket;
            await area.DisposeAsync();
            area = (await other.AttachAsync(
                0, new AttachOptions { Mode = AttachMode.Resume, Ticket = ticket })).Area!;
            Assert.True(area.HasLostPages);
        }

        await using AttachedArea last = area;
        (LoadOutcome[] outcomes, byte[] pages) =
            await SlotPages.UntilAnsweredAsync(() => SlotPages.LoadAsync(last.Pages, Slots));
        for (int slot = 0; slot < Slots; slot++)
        {
            bool isKept = slot < Spilled && slot is not ((int)Emptied or (int)Replaced);
            LoadOutcome gone = (ulong)slot == Emptied && !resumes ? LoadOutcome.NotFound : LoadOutcome.Lost;
            Assert.True(outcomes[slot] == (isKept ? LoadOutcome.Loaded : gone), $"slot {slot}: {outcomes[slot]}");
            if (isKept)
            {
                Assert.Equal(SlotPages.Of((ulong)slot, version: 1), SlotPages.Page(pages, slot));
            }
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void IsStored(StoreOutcome outcome) => Assert.Equal(StoreOutcome.Stored, outcome);
}
