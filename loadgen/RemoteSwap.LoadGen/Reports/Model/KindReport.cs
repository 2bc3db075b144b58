namespace RemoteSwap.LoadGen.Reports.Model;

/// <summary>Source pages of one kind.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Pages">Pages.</param>
/// <param name="Share">Share of all source pages, 0 to 1.</param>
/// <param name="CompressionRatio">Raw bytes for each byte of zpages.</param>
/// <param name="SameFilledShare">Pages of one repeated word, 0 to 1.</param>
/// <param name="IncompressibleShare">Pages that travel as they are, 0 to 1.</param>
internal sealed record KindReport(
    string Kind, long Pages, double Share, double CompressionRatio, double SameFilledShare, double IncompressibleShare);
