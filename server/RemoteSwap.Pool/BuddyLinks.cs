namespace RemoteSwap.Pool;

/// <summary>The links of the unbuddied, buddied and headless lists.</summary>
internal readonly struct BuddyLinks : IFrameLinks
{
    public static ref uint Previous(ref FrameMeta meta) => ref meta.ListPrevious;

    public static ref uint Next(ref FrameMeta meta) => ref meta.ListNext;
}
