namespace RemoteSwap.Pool;

/// <summary>Which pair of links in <see cref="FrameMeta"/> a list uses.</summary>
internal interface IFrameLinks
{
    static abstract ref uint Previous(ref FrameMeta meta);

    static abstract ref uint Next(ref FrameMeta meta);
}
