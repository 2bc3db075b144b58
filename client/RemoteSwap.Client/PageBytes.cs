using RemoteSwap.Codec;

namespace RemoteSwap.Client;

/// <summary>Where pages lie in the memory that holds a batch of them back to back.</summary>
internal static class PageBytes
{
    /// <summary>The bytes of a run of pages.</summary>
    /// <param name="pages">The run, counted from the start.</param>
    public static Range Of(Range pages) =>
        (pages.Start.Value * PageSize.Bytes)..(pages.End.Value * PageSize.Bytes);

    /// <summary>The bytes of one page.</summary>
    public static Span<byte> Of(Span<byte> pages, int page) => pages.Slice(page * PageSize.Bytes, PageSize.Bytes);
}
