namespace RemoteSwap.Store;

/// <summary>What a drain has written, or a start has brought back.</summary>
/// <param name="Pages">Pages.</param>
/// <param name="Bytes">Bytes of images.</param>
/// <param name="LostPages">Pages, at least, that are lost; 0: none is.</param>
/// <param name="Elapsed">How long it took.</param>
public readonly record struct WarmResult(long Pages, long Bytes, long LostPages, TimeSpan Elapsed)
{
    private const double BytesOfGiB = 1L << 30;

    /// <summary>
    /// Of a drain: pages that lie in the spill file alone, whose disk did not answer; they come back only if it does.
    /// </summary>
    public long PagesAtRisk { get; init; }

    /// <summary>Of a drain: whether something that was under way did not end, and was left behind.</summary>
    public bool WasHung { get; init; }

    /// <summary>Seconds for each GiB of images; 0: there were none.</summary>
    public double SecondsPerGiB => Bytes == 0 ? 0 : Elapsed.TotalSeconds / (Bytes / BytesOfGiB);
}
