using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Bench.Lanes;

/// <summary>
/// Zpages of exactly one size, all different, in one piece of memory, with the checksum of the page that each decodes
/// to. More of them than fit into an inner cache. Not written to after it was made.
/// </summary>
internal sealed class ZpagePool
{
    /// <summary>Zpages of a pool: 6.25 MiB of 1,600 bytes.</summary>
    public const int Zpages = 4096;

    private const int MostLooksAtAPage = 64;

    private readonly byte[] _zpages;
    private readonly uint[] _pageCrcs;

    private ZpagePool(int zpageBytes, byte[] zpages, uint[] pageCrcs)
    {
        ZpageBytes = zpageBytes;
        _zpages = zpages;
        _pageCrcs = pageCrcs;
    }

    /// <summary>Bytes of each zpage.</summary>
    public int ZpageBytes { get; }

    /// <summary>How many there are.</summary>
    public int Count => _pageCrcs.Length;

    /// <summary>Makes zpages of raw pages.</summary>
    /// <param name="pages">Where they come from.</param>
    /// <param name="zpageBytes">Bytes of each zpage.</param>
    /// <param name="count">How many to make.</param>
    /// <exception cref="InvalidOperationException">The pages do not give zpages of this size.</exception>
    public static ZpagePool Make(RawPagePool pages, int zpageBytes, int count = Zpages)
    {
        ZpageMaker maker = new(zpageBytes);
        byte[] zpages = new byte[count * zpageBytes];
        uint[] pageCrcs = new uint[count];
        Span<byte> page = stackalloc byte[PageSize.Bytes];
        int source = 0;
        for (int made = 0; made < count; source++)
        {
            // Every page of the pool may serve more than once: the maker puts bytes of its own into each.
            pages.Run(source % pages.Count, 1).Span.CopyTo(page);
            if (maker.TryMake(page, zpages.AsSpan(made * zpageBytes, zpageBytes)))
            {
                pageCrcs[made] = PageChecksum.OfZpage(page);
                made++;
            }
            else if (source > MostLooksAtAPage * (long)pages.Count)
            {
                throw new InvalidOperationException(
                    $"Too few of the pages can be made a zpage of {zpageBytes} bytes.");
            }
        }

        return new ZpagePool(zpageBytes, zpages, pageCrcs);
    }

    /// <summary>Zpages one after the other.</summary>
    public Memory<byte> Run(int first, int count) => _zpages.AsMemory(first * ZpageBytes, count * ZpageBytes);

    /// <summary>CRC-32 of the pages that zpages decode to.</summary>
    public ReadOnlySpan<uint> PageCrcs(int first, int count) => _pageCrcs.AsSpan(first, count);
}
