using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Statistics;

/// <summary>What storing the pages cost the server in memory: its figures after less those before.</summary>
/// <param name="Before">Before the first page was swapped out.</param>
/// <param name="After">When all were.</param>
internal sealed record MemoryFigures(ServerSnapshot Before, ServerSnapshot After)
{
    /// <summary>Pages stored.</summary>
    public long Pages => After.StoredPages - Before.StoredPages;

    /// <summary>Their raw bytes.</summary>
    public long RawBytes => Pages * PageSize.Bytes;

    /// <summary>Frames taken.</summary>
    public long Frames => After.Frames - Before.Frames;

    /// <summary>Memory that the server accounts for them: frames, index and handles, in bytes.</summary>
    public long UsedBytes => After.UsedBytes - Before.UsedBytes;

    /// <summary>Growth of the server process's resident memory, in bytes.</summary>
    public long ResidentGrowthBytes => After.ResidentBytes - Before.ResidentBytes;

    /// <summary>Zpages for each frame: 1 to 2 unless pages are incompressible; 0 if no frame was taken.</summary>
    public double PagesPerFrame => Ratio(
        Pages - (After.SameFilledPages - Before.SameFilledPages) - (After.SpilledPages - Before.SpilledPages), Frames);

    /// <summary>Raw bytes for each byte that the server accounts for.</summary>
    public double RawPerUsedByte => Ratio(RawBytes, UsedBytes);

    /// <summary>Raw bytes for each byte by which the server's resident memory grew.</summary>
    public double RawPerResidentByte => Ratio(RawBytes, ResidentGrowthBytes);

    /// <summary>Memory of index entries and handles for each page, in bytes.</summary>
    public double IndexBytesPerPage => Ratio(After.IndexBytes - Before.IndexBytes, Pages);

    /// <summary>Share of same-filled pages, 0 to 1.</summary>
    public double SameFilledShare => Ratio(After.SameFilledPages - Before.SameFilledPages, Pages);

    /// <summary>Share of incompressible pages, 0 to 1.</summary>
    public double IncompressibleShare => Ratio(After.IncompressiblePages - Before.IncompressiblePages, Pages);

    private static double Ratio(long part, long whole) => whole > 0 ? (double)part / whole : 0;
}
