using RemoteSwap.Client;
using RemoteSwap.Codec;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>
/// A session that is resumed without its eviction file for a while, and then with it again: what the file has may be
/// older than what was done meanwhile.
/// </summary>
public sealed class EvictionGapTests : IDisposable
{
    private const int Slots = 200;
    private const int Lease = 30;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(Lease);
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"remoteswap-gap-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task AFileThatMissedALifeOfItsSessionBringsNothingBack()
    {
        await using FailingServer server = await FailingServer.StartAsync("--limit=8MiB");
        SessionTicket ticket = await WithFileAsync(server, new AttachOptions(), async (connection, area) =>
        {
            Assert.All(
                await SlotPages.StoreAsync(area.Pages, Slots, version: 1),
                outcome => Assert.Equal(StoreOutcome.Stored, outcome));
            for (int again = 0; again < 50 && area.EvictedPages < Slots; again++)
            {
                await connection.ReclaimAsync(targetFrames: Slots, retries: 16);
            }

            Assert.InRange(area.EvictedPages, Slots / 2, Slots);
        });

        // A life without the file, in which all slots get something newer.
        await using (RemoteSwapConnection connection = server.Connect(s_deadline, waits: true))
        await using (AttachedArea area = await ResumeAsync(connection, ticket))
        {
            Assert.All(
                await SlotPages.StoreAsync(area.Pages, Slots, version: 2),
                outcome => Assert.Equal(StoreOutcome.Stored, outcome));
            ticket = area.Ticket;
        }

        await server.KillAsync();
        await server.StartAgainAsync("--limit=8MiB");

        await WithFileAsync(
            server,
            new AttachOptions { Mode = AttachMode.Resume, Ticket = ticket },
            async (_, area) =>
            {
                (LoadOutcome[] outcomes, byte[] pages) =
                    await SlotPages.UntilAnsweredAsync(() => SlotPages.LoadAsync(area.Pages, Slots));
                for (int slot = 0; slot < Slots; slot++)
                {
                    bool isOlder = outcomes[slot] == LoadOutcome.Loaded
                        && SlotPages.Page(pages, slot).AsSpan().SequenceEqual(SlotPages.Of((ulong)slot, version: 1));
                    Assert.False(isOlder, $"slot {slot} has version 1 again");
                    Assert.Equal(LoadOutcome.Lost, outcomes[slot]);
                }
            });
    }

    private static async Task<AttachedArea> ResumeAsync(RemoteSwapConnection connection, SessionTicket ticket) =>
        (await connection.AttachAsync(0, new AttachOptions { Mode = AttachMode.Resume, Ticket = ticket })).Area!;

    private async Task<SessionTicket> WithFileAsync(
        FailingServer server, AttachOptions how, Func<RemoteSwapConnection, AttachedArea, Task> live)
    {
        await using RemoteSwapConnection connection = server.Connect(s_deadline, waits: true);
        EvictionTarget file = new(_path, Slots * PageSize.Bytes);
        await using AttachedArea area = await SlotPages.UntilAnsweredAsync(
            async () => (await connection.AttachAsync(0, how with { EvictTo = file })).Area!);
        await live(connection, area);
        return area.Ticket;
    }
}
