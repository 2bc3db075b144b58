namespace RemoteSwap.Codec;

/// <summary>How the bytes of a zpage encode a page. The values are those of <c>remoteswap.v1.Encoding</c>.</summary>
public enum ZpageEncoding : byte
{
    /// <summary>Not set; no zpage has it.</summary>
    None = 0,

    /// <summary>One LZ4 block that decodes to exactly 4,096 bytes.</summary>
    Lz4 = 1,

    /// <summary>The 4,096 bytes themselves.</summary>
    Raw = 2,

    /// <summary>One 8-byte word in memory order that fills the page.</summary>
    Fill = 3,

    /// <summary>
    /// A zpage of any of the others that the client has encrypted, and behind it 26 bytes of seal. Only the client can
    /// tell more.
    /// </summary>
    Sealed = 4,
}
