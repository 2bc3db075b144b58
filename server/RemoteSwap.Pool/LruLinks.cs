namespace RemoteSwap.Pool;

/// <summary>The links of the LRU list.</summary>
internal readonly struct LruLinks : IFrameLinks
{
    public static ref uint Previous(ref FrameMeta meta) => ref meta.LruPrevious;

    public static ref uint Next(ref FrameMeta meta) => ref meta.LruNext;
}
