using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.EndToEnd.Tests.Privacy;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>
/// Sealed pages on a server that has no key: spilled, handed to their owner, drained, brought back, killed. What is
/// read is right or lost, and no byte of a page lies anywhere but here.
/// </summary>
public sealed class SealedPagesTests : IDisposable
{
    private const int Slots = 600;
    private static readonly byte[] s_mark = "a word that only pages have"u8.ToArray();
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-sealed-");
    private readonly SealOptions _seal;

    public SealedPagesTests() => _seal = SealKey.Make(_folder.FullName);

    private string[] Args =>
    [
        "--limit=64MiB", $"--state={InFolder("state")}", $"--spill={InFolder("spill")}", "--spill-limit=64MiB",
    ];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Pages_go_everywhere_and_come_back_as_they_were()
    {
        Directory.CreateDirectory(InFolder("state"));
        await using FailingServer server = await FailingServer.StartAsync(Args);
        await using RemoteSwapConnection connection = Connect(server);
        await using AttachedArea spilled = (await connection.AttachAsync(0)).Area!;
        await using AttachedArea evicted = (await connection.AttachAsync(
            1, new AttachOptions { EvictTo = new EvictionTarget(InFolder("evicted"), 64 << 20) })).Area!;
        await StoreAsync(spilled.Pages, version: 1);
        await StoreAsync(evicted.Pages, version: 1);
        await LoadAsync(spilled.Pages, version: 1);

        for (int again = 0; again < 50 && evicted.EvictedPages < Slots / 2; again++)
        {
            await connection.ReclaimAsync(targetFrames: Slots, retries: 16);
        }

        Assert.InRange(evicted.EvictedPages, Slots / 2, Slots);
        await LoadAsync(spilled.Pages, version: 1);
        await LoadAsync(evicted.Pages, version: 1);

        await StopAndStartAsync(server);
        await LoadAsync(spilled.Pages, version: 1);
        await LoadAsync(evicted.Pages, version: 1);

        await StoreAsync(spilled.Pages, version: 2);
        await connection.ReclaimAsync(targetFrames: Slots, retries: 16);
        await server.KillAsync();
        await server.StartAgainAsync(Args);
        int found = await LoadAsync(spilled.Pages, version: 2, mayBeLost: true);
        Assert.InRange(found, 1, Slots);
        Assert.InRange(await LoadAsync(evicted.Pages, version: 1, mayBeLost: true), Slots / 2, Slots);
        await evicted.DisposeAsync();
        await StopAndStartAsync(server);
    }

    [Fact]
    public async Task Who_takes_over_with_the_ring_reads_and_who_detaches_erases_it()
    {
        await using FailingServer server = await FailingServer.StartAsync("--limit=64MiB");
        await using RemoteSwapConnection first = Connect(server);
        await using AttachedArea former = (await first.AttachAsync(0)).Area!;
        await StoreAsync(former.Pages, version: 1);

        await using RemoteSwapConnection second = Connect(server);
        AttachedArea owner = (await second.AttachAsync(0, new AttachOptions { Mode = AttachMode.TakeOver })).Area!;
        await LoadAsync(owner.Pages, version: 1);
        await StoreAsync(owner.Pages, version: 2);
        await LoadAsync(owner.Pages, version: 2);

        // Who was fenced erases nothing.
        Assert.Null(await former.DetachAsync());
        string ring = Assert.Single(Directory.GetFiles(InFolder("rings"), "*.ring"));
        Assert.Equal((ulong)Slots, await owner.DetachAsync());
        Assert.False(File.Exists(ring));
        await owner.DisposeAsync();
    }

    [Fact]
    public async Task An_area_that_begins_empty_begins_with_another_ring()
    {
        await using FailingServer server = await FailingServer.StartAsync("--limit=64MiB");
        await using RemoteSwapConnection connection = Connect(server);
        await using (AttachedArea area = (await connection.AttachAsync(0)).Area!)
        {
            await StoreAsync(area.Pages, version: 1);
        }

        string ring = Assert.Single(Directory.GetFiles(InFolder("rings"), "*.ring"));
        string before = await File.ReadAllTextAsync(ring);
        AttachOptions empty = new() { Mode = AttachMode.TakeOver, DiscardsPages = true };
        await using AttachedArea anew = (await connection.AttachAsync(0, empty)).Area!;
        Assert.NotEqual(before, await File.ReadAllTextAsync(ring));
        await StoreAsync(anew.Pages, version: 3);
        await LoadAsync(anew.Pages, version: 3);
    }

    [Fact]
    public async Task Who_goes_on_without_the_ring_is_told_and_none_is_put_in_its_place()
    {
        await using FailingServer server = await FailingServer.StartAsync("--limit=64MiB");
        await using RemoteSwapConnection connection = Connect(server);
        SessionTicket ticket;
        await using (AttachedArea area = (await connection.AttachAsync(0)).Area!)
        {
            await StoreAsync(area.Pages, version: 1);
            ticket = area.Ticket;
        }

        string ring = Assert.Single(Directory.GetFiles(InFolder("rings"), "*.ring"));
        File.Move(ring, ring + ".away");
        AttachOptions resume = new() { Mode = AttachMode.Resume, Ticket = ticket };
        SealKeyException missing = await Assert.ThrowsAsync<SealKeyException>(
            async () => await connection.AttachAsync(0, resume));
        Assert.Contains(ring, missing.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SealKeyException>(async () => await connection.AttachAsync(
            0, new AttachOptions { Mode = AttachMode.TakeOver }));
        Assert.False(File.Exists(ring));

        File.Move(ring + ".away", ring);
        await using AttachedArea again = (await connection.AttachAsync(0, resume)).Area!;
        await LoadAsync(again.Pages, version: 1);
    }

    private static async Task StoreAsync(SwapArea area, int version)
    {
        byte[] pages = [.. SlotPages.First(Slots).SelectMany(slot => Page((int)slot, version))];
        Assert.All(
            await area.StoreAsync(SlotPages.First(Slots), pages),
            outcome => Assert.Equal(StoreOutcome.Stored, outcome));
    }

    // How many were there.
    private static async Task<int> LoadAsync(SwapArea area, int version, bool mayBeLost = false)
    {
        (LoadOutcome[] outcomes, byte[] pages) =
            await SlotPages.UntilAnsweredAsync(() => SlotPages.LoadAsync(area, Slots));
        int found = 0;
        for (int slot = 0; slot < Slots; slot++)
        {
            if (outcomes[slot] == LoadOutcome.Loaded)
            {
                found++;
                Assert.True(
                    Page(slot, version).AsSpan().SequenceEqual(SlotPages.Page(pages, slot)), $"slot {slot}");
            }
            else
            {
                Assert.Equal((LoadOutcome.Lost, true), (outcomes[slot], mayBeLost));
            }
        }

        return found;
    }

    // Noise, half noise, and one word; the first two with the mark, which LZ4 leaves as it is.
    private static byte[] Page(int slot, int version)
    {
        byte[] page = new byte[PageSize.Bytes];
        if (slot % 3 == 2)
        {
            SameFilledPage.Fill(page, (ulong)(slot + (version << 20)));
            return page;
        }

        new Random(slot + (version << 20)).NextBytes(page.AsSpan(0, slot % 3 == 0 ? page.Length : page.Length / 2));
        s_mark.CopyTo(page, 100);
        return page;
    }

    // What lies on disks while the server is down; its own process has the eviction file for itself.
    private async Task StopAndStartAsync(FailingServer server)
    {
        (int exitCode, string said) = await server.StopAsync();
        (string Path, byte[] Bytes)[] files =
        [
            .. from path in Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories)
               where IsFree(path)
               select (path, File.ReadAllBytes(path)),
        ];
        await server.StartAgainAsync(Args);
        Assert.True(exitCode == 0, said);
        Assert.All(
            files, file => Assert.True(file.Bytes.AsSpan().IndexOf(s_mark) < 0, $"pages lie open in {file.Path}"));
        Assert.InRange(files.Sum(file => (long)file.Bytes.Length), Slots * PageSize.Bytes / 2, long.MaxValue);
    }

    private static bool IsFree(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private RemoteSwapConnection Connect(FailingServer server) => RemoteSwapConnection.Open(
        new RemoteSwapClientOptions
        {
            Address = server.Proxy.Address,
            CallDeadline = s_deadline,
            WaitsForServer = true,
            Seal = _seal,
        });

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);
}
