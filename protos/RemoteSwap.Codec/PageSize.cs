namespace RemoteSwap.Codec;

/// <summary>The one page size there is.</summary>
public static class PageSize
{
    /// <summary>Bytes of a page as a client swaps it.</summary>
    public const int Bytes = 4096;
}
