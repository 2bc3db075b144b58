using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Sources;

namespace RemoteSwap.LoadGen.Bench.Lanes;

/// <summary>
/// Pages of this computer's files in one piece of memory: managed code, native code and text in equal shares. More of
/// them than fit into a cache. Not written to after it was made.
/// </summary>
internal sealed class RawPagePool
{
    /// <summary>Pages of a pool: 64 MiB.</summary>
    public const int MostPages = 16_384;

    // Chosen once: how pages compress must not change from one worker to the next.
    private const ulong Seed = 20_261_107;

    private readonly byte[] _pages;

    private RawPagePool(byte[] pages) => _pages = pages;

    /// <summary>Pages.</summary>
    public int Count => _pages.Length / PageSize.Bytes;

    /// <summary>Reads the pages.</summary>
    /// <exception cref="SourceUnavailableException">They can not be read.</exception>
    public static RawPagePool Read()
    {
        IReadOnlyList<IPageSource> sources =
            SourceOpener.Open([new SourceSpec(SourceKind.Files)], new SeededRandom(Seed));
        try
        {
            PageCorpus corpus = CorpusBuilder.Build(sources, MostPages, CancellationToken.None);
            byte[] pages = GC.AllocateUninitializedArray<byte>(corpus.Count * PageSize.Bytes, pinned: true);
            int[] order = [.. Enumerable.Range(0, corpus.Count)];
            new SeededRandom(Seed).Shuffle(order.AsSpan());
            for (int i = 0; i < order.Length; i++)
            {
                corpus.Page(order[i]).CopyTo(pages.AsSpan(i * PageSize.Bytes));
            }

            return new RawPagePool(pages);
        }
        finally
        {
            foreach (IPageSource source in sources)
            {
                source.Dispose();
            }
        }
    }

    /// <summary>Pages one after the other.</summary>
    public Memory<byte> Run(int first, int count) =>
        _pages.AsMemory(first * PageSize.Bytes, count * PageSize.Bytes);
}
