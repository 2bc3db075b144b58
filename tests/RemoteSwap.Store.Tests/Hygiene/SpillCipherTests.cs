using RemoteSwap.Pool;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Hygiene;

/// <summary>
/// A sealed spill file gives back what was spilled, says nothing to who has the disk, and shows changes.
/// </summary>
public sealed class SpillCipherTests : IDisposable
{
    private const int Pages = 120;
    private static readonly int[] s_sizes = [700, 1984, 3968, 3969, 4000, 64];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-sealed-");

    [Fact]
    public async Task Pages_come_back_from_a_file_that_shows_nothing_of_them()
    {
        using PageStore store = await SpillAsync();
        await CheckAsync(store, _ => LoadOutcome.Loaded);
        byte[] file = Read();
        Assert.True(file.Length > Pages / 2 * FrameArena.FrameBytes);
        for (int page = 0; page < Pages; page++)
        {
            Assert.True(file.AsSpan().IndexOf(ZpageOf(page).AsSpan(0, 16)) < 0, $"page {page} can be read");
        }
    }

    [Fact]
    public async Task A_change_on_the_disk_is_corrupt_and_no_other_bytes()
    {
        using PageStore store = await SpillAsync();
        using (FileStream file = Open())
        {
            file.Position = SpillCipher.OffsetOf(new SpillPlace(0)) + 2000;
            int old = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(old ^ 1));
        }

        int corrupt = 0;
        await CheckAsync(store, outcome =>
        {
            corrupt += outcome == LoadOutcome.Corrupt ? 1 : 0;
            return outcome == LoadOutcome.Corrupt ? outcome : LoadOutcome.Loaded;
        });
        Assert.InRange(corrupt, 1, 2);
    }

    [Fact]
    public void An_image_opens_at_its_place_only_and_no_sealing_is_like_another()
    {
        using SpillCipher cipher = new();
        byte[] frame = Zpages.Make(1, FrameArena.FrameBytes);
        byte[] header = Zpages.Make(2, FrameHeader.Bytes);
        byte[] first = new byte[SpillCipher.SealedBytes];
        byte[] second = new byte[SpillCipher.SealedBytes];
        cipher.Seal(new SpillPlace(3), frame, header, first);
        cipher.Seal(new SpillPlace(3), frame, header, second);
        Assert.NotEqual(first[32..], second[32..]);

        byte[] opened = new byte[FrameArena.FrameBytes];
        byte[] openedHeader = new byte[FrameHeader.Bytes];
        Assert.True(cipher.TryOpen(new SpillPlace(3), first, opened, openedHeader));
        Assert.Equal(frame, opened);
        Assert.Equal(header, openedHeader);
        Assert.False(cipher.TryOpen(new SpillPlace(4), first, opened, openedHeader));
        Assert.True(!opened.AsSpan().ContainsAnyExcept((byte)0) && !openedHeader.AsSpan().ContainsAnyExcept((byte)0));
        using SpillCipher other = new();
        Assert.False(other.TryOpen(new SpillPlace(3), first, opened, openedHeader));
        for (int at = 0; at < first.Length; at += 97)
        {
            // The four bytes behind the nonce are nobody's.
            if (at is >= 12 and < 16)
            {
                continue;
            }

            first[at] ^= 0x40;
            Assert.False(cipher.TryOpen(new SpillPlace(3), first, opened, []), $"byte {at}");
            first[at] ^= 0x40;
        }
    }

    [Fact]
    public void A_file_that_is_kept_can_not_be_sealed() => Assert.Throws<ArgumentException>(
        () => new SpillFile(Named("kept"), 1 << 20, Named("book"), isSealed: true));

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] ZpageOf(int page) => Zpages.Make(1000 + page, s_sizes[page % s_sizes.Length]);

    private async Task<PageStore> SpillAsync()
    {
        PageStore store = new(
            new StoreOptions { LimitBytes = 4 << 20, Promote = PromotePolicy.Never },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { ["a"] = new TenantOptions { Shards = 1 } },
            new SpillFile(Named("pages"), 1 << 20, isSealed: true));
        for (int page = 0; page < Pages; page++)
        {
            Assert.Equal(
                StoreOutcome.Stored, StoreRig.PutOne(store, store.Tenants[0], (ulong)page, ZpageOf(page), 1));
        }

        await store.ReclaimAsync(store.Tenants[0], 10 * Pages, 8);
        Assert.Equal(Pages, new TenantStatistics(store.Tenants[0]).SpilledPages);
        return store;
    }

    private static async Task CheckAsync(PageStore store, Func<LoadOutcome, LoadOutcome> expected)
    {
        for (int page = 0; page < Pages; page++)
        {
            LoadBatch batch = new() { Count = 1 };
            batch.Slots[0] = (ulong)page;
            await store.LoadAsync(store.Tenants[0], batch);
            Assert.Equal(expected(batch.Outcomes[0]), batch.Outcomes[0]);
            byte[] zpage = batch.Outcomes[0] == LoadOutcome.Loaded ? ZpageOf(page) : [];
            Assert.Equal(zpage, batch.Zpages.ToArray());
        }
    }

    private byte[] Read()
    {
        using FileStream file = Open();
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    // The store has it open for itself alone, so it is read through the store's own descriptor.
    private FileStream Open()
    {
        string link = Directory.EnumerateFiles("/proc/self/fd")
            .First(file => new FileInfo(file).LinkTarget == Named("pages"));
        nint descriptor = int.Parse(Path.GetFileName(link), System.Globalization.CultureInfo.InvariantCulture);
        return new FileStream(
            new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: false), FileAccess.ReadWrite);
    }

    private string Named(string name) => Path.Combine(_folder.FullName, name);
}
