namespace RemoteSwap.Codec;

/// <summary>What is wrong with a zpage.</summary>
public enum ZpageFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>No encoding of that number is known.</summary>
    UnknownEncoding,

    /// <summary>The length does not suit the encoding.</summary>
    WrongLength,

    /// <summary>The CRC-32 of the zpage's bytes is another one.</summary>
    WrongZpageChecksum,

    /// <summary>The LZ4 block is malformed or does not decode to 4,096 bytes.</summary>
    MalformedBlock,

    /// <summary>It is sealed: only a client that has the key can decode it.</summary>
    Sealed,
}
