using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Sources;

/// <summary>
/// Generated pages, all different, that LZ4 makes smaller by a stated ratio: stretches of random bytes, each followed
/// by zeroes. They say how a server does at one compressibility; they do not stand for real pages.
/// </summary>
internal sealed class SyntheticPageSource : IPageSource
{
    // What LZ4 spends on a stretch beside its random bytes: token, length bytes, match offset; and a byte for each 255
    // zeroes.
    private const int OverheadBytes = 6;
    private const int ZeroesAByte = 255;
    private const int MaxStretches = 16;
    private const int LeastStretchBytes = 24;

    private readonly SeededRandom _random;
    private readonly int _stretches;
    private readonly int _randomBytes;

    /// <summary>Creates a source.</summary>
    /// <param name="ratio">Raw bytes for each compressed byte, 1 to 100; 1: pages that do not compress.</param>
    /// <param name="random">Gives the random bytes.</param>
    public SyntheticPageSource(double ratio, SeededRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ratio, 1);
        _random = random;
        Name = new Options.SourceSpec(Options.SourceKind.Synthetic, Ratio: ratio).ToString();
        double zpageBytes = PageSize.Bytes / ratio;
        int RandomBytes(int stretchBytes) =>
            (int)(zpageBytes / _stretches) - OverheadBytes - (stretchBytes / ZeroesAByte);

        int mostStretches = (int)(zpageBytes / (LeastStretchBytes + OverheadBytes));
        _stretches = ratio <= 1 ? 1 : Math.Clamp(mostStretches, 1, MaxStretches);
        _randomBytes = ratio <= 1
            ? PageSize.Bytes
            : Math.Clamp(RandomBytes(PageSize.Bytes / _stretches), sizeof(ulong), PageSize.Bytes / _stretches);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Read(Span<byte> pages, Span<PageKind> kinds)
    {
        int count = pages.Length / PageSize.Bytes;
        pages.Clear();
        for (int i = 0; i < count; i++)
        {
            for (int stretch = 0; stretch < _stretches; stretch++)
            {
                int start = (i * PageSize.Bytes) + (stretch * (PageSize.Bytes / _stretches));
                _random.Fill(pages.Slice(start, _randomBytes));
            }
        }

        kinds[..count].Fill(PageKind.Synthetic);
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Holds nothing.
    }
}
