namespace RemoteSwap.Codec;

/// <summary>Sizes that a zpage may have, in bytes.</summary>
public static class ZpageLimits
{
    /// <summary>
    /// The largest LZ4 block worth sending: a larger zpage takes a whole frame of the server anyway, so the page
    /// travels RAW and costs no decoding (zbud: a frame less its header chunk less one spare chunk).
    /// </summary>
    public const int MaxCompressedBytes = 3968;

    /// <summary>Bytes of the word that stands for a same-filled page.</summary>
    public const int FillBytes = sizeof(ulong);
}
