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

    /// <summary>
    /// Bytes of a seal, which stands behind the ciphertext: as many as a frame's header has to spare where the frame
    /// holds a single zpage, so that a page that does not compress takes one frame, sealed or not.
    /// </summary>
    public const int SealBytes = 26;

    /// <summary>The largest LZ4 block of a sealed page: with its seal it fits beside another zpage still.</summary>
    public const int MaxSealedBlockBytes = MaxCompressedBytes - SealBytes;

    /// <summary>The largest zpage: a raw page and its seal.</summary>
    public const int MaxBytes = PageSize.Bytes + SealBytes;
}
