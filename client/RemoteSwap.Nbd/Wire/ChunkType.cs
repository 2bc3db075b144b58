namespace RemoteSwap.Nbd.Wire;

/// <summary>NBD_REPLY_TYPE_*: chunks of structured replies; errors have the highest bit set.</summary>
internal enum ChunkType : ushort
{
    /// <summary>Bytes of a read.</summary>
    OffsetData = 1,

    /// <summary>A run of zeroes of a read.</summary>
    OffsetHole = 2,

    /// <summary>Extents of one meta context.</summary>
    BlockStatus = 5,

    /// <summary>The request failed.</summary>
    Error = 0x8001,
}
