namespace RemoteSwap.LoadGen.Reports.Model;

/// <summary>The pages of a run.</summary>
/// <param name="Pages">Pages swapped out.</param>
/// <param name="RawBytes">Their bytes.</param>
/// <param name="SourcePages">Source pages; where fewer than <paramref name="Pages"/>, they are used again.</param>
/// <param name="CompressionRatio">Raw bytes for each byte of zpages, by the client's codec.</param>
/// <param name="MeanZpageBytes">Mean bytes of a zpage.</param>
/// <param name="SameFilledShare">Pages of one repeated word, 0 to 1.</param>
/// <param name="IncompressibleShare">Pages that travel as they are, 0 to 1.</param>
/// <param name="Kinds">Where the source pages came from.</param>
internal sealed record PagesReport(
    long Pages,
    long RawBytes,
    long SourcePages,
    double CompressionRatio,
    int MeanZpageBytes,
    double SameFilledShare,
    double IncompressibleShare,
    IReadOnlyList<KindReport> Kinds);
