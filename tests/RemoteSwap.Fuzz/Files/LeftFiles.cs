using System.Buffers;
using RemoteSwap.Codec;
using RemoteSwap.Store;

namespace RemoteSwap.Fuzz.Files;

/// <summary>
/// What production leaves behind, made once: the state folder of a server that was drained, and the spill file with its
/// book of one that was killed. And the pages that were in them, so that what comes back can be judged.
/// </summary>
internal static class LeftFiles
{
    public const string Tenant = "a";
    public const int Pages = 12;
    public const int SpillPlaces = 64;

    public static readonly Guid Boot = new("6f0cd6f3-26b1-4a4e-b9ad-1f2d8f0a7c11");

    public static (byte[] Images, byte[] Manifest, byte[] Areas) Drained { get; } = Drain();

    /// <summary>The number of the drain that all of its images are bound to.</summary>
    public static ulong DrainNumber { get; } = ReadDrainNumber(Drained.Manifest);

    public static (byte[] Spill, byte[] Book) Killed { get; } = Kill();

    /// <summary>Generations that were stored.</summary>
    public static ulong GenerationOf(ulong slot) => slot + 1;

    /// <summary>A page's zpage: of all kinds and sizes.</summary>
    public static byte[] ZpageOf(ulong slot)
    {
        int length = (slot % 4) switch
        {
            0 => 200 + (int)slot,
            1 => 1900,
            2 => PageSize.Bytes,
            _ => sizeof(ulong),
        };
        byte[] zpage = new byte[length];
        new Random((int)slot).NextBytes(zpage);
        return zpage;
    }

    public static PageStore Open(SpillFile? spill = null, StateFolder? state = null) => new(
        new StoreOptions { LimitBytes = 1 << 20, WarmBytes = 0, HugePages = false },
        new Dictionary<string, TenantOptions>(StringComparer.Ordinal)
        {
            [Tenant] = new TenantOptions { Shards = 1, Areas = 2, AreaSlots = 1 << 16 },
        },
        spill,
        state: state);

    private static void Fill(PageStore store)
    {
        StoreBatch batch = new() { Count = Pages };
        List<byte> zpages = [];
        for (int page = 0; page < Pages; page++)
        {
            byte[] zpage = ZpageOf((ulong)page);
            batch.Slots[page] = (ulong)page;
            batch.Generations[page] = GenerationOf((ulong)page);
            batch.Sizes[page] = zpage.Length;
            batch.Encodings[page] = zpage.Length switch
            {
                sizeof(ulong) => ZpageEncoding.Fill,
                PageSize.Bytes => ZpageEncoding.Raw,
                _ => ZpageEncoding.Lz4,
            };
            batch.ZpageChecksums[page] = PageChecksum.OfZpage(zpage);
            batch.PageChecksums[page] = (uint)page;
            zpages.AddRange(zpage);
        }

        batch.Zpages = new ReadOnlySequence<byte>([.. zpages]);
        store.Store(store.Tenants[0], batch);
    }

    private static (byte[] Images, byte[] Manifest, byte[] Areas) Drain()
    {
        using FuzzFolder folder = new();
        using (PageStore store = Open(state: StateFolder.Open(folder.Path, TimeProvider.System)))
        {
            WarmRestart warm = new(store);
            warm.StartAsync(discards: false, progress: null).GetAwaiter().GetResult();
            Fill(store);
            warm.DrainAsync(progress: null).GetAwaiter().GetResult();
        }

        return (folder.Read("images"), folder.Read("drained"), folder.Read("areas"));
    }

    private static ulong ReadDrainNumber(byte[] manifest)
    {
        using FuzzFolder folder = new();
        folder.Write("drained", manifest);
        return DrainManifestFile.Read(folder.File("drained"))!.Drain;
    }

    private static (byte[] Spill, byte[] Book) Kill()
    {
        using FuzzFolder folder = new();
        SpillFile spill = new(folder.File("spill"), SpillPlaces * PageSize.Bytes, folder.File("book"), Boot);
        using PageStore store = Open(spill);
        store.Kept.RestoreAsync().GetAwaiter().GetResult();
        Fill(store);
        store.ReclaimAsync(store.Tenants[0], int.MaxValue, 1).AsTask().GetAwaiter().GetResult();
        return (folder.Read("spill"), folder.Read("book"));
    }
}
