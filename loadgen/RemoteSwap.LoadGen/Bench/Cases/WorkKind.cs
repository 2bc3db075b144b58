namespace RemoteSwap.LoadGen.Bench.Cases;

/// <summary>What a worker is asked to do. The names are part of the JSON output.</summary>
internal enum WorkKind
{
    /// <summary>Store every page of the working set once, in order.</summary>
    Fill,

    /// <summary>Store pages to random slots.</summary>
    Store,

    /// <summary>Load pages from random slots.</summary>
    Load,

    /// <summary>Seven loads to three stores, at random.</summary>
    Mixed,

    /// <summary>A ping with the columns and bytes of a store.</summary>
    PingStore,

    /// <summary>A ping whose reply has the columns and bytes of a load.</summary>
    PingLoad,

    /// <summary>A ping with nothing in it.</summary>
    PingEmpty,

    /// <summary>The codec alone: encode, and the checksums of a store.</summary>
    Encode,

    /// <summary>The codec alone: decode, and the checksums of a load.</summary>
    Decode,

    /// <summary>Copy pages within the cache.</summary>
    CopyCached,

    /// <summary>Copy pages to random places of a large arena.</summary>
    CopyToCold,

    /// <summary>Copy pages from random places of a large arena.</summary>
    CopyFromCold,

    /// <summary>Write pages to a block device, around the page cache.</summary>
    DeviceWrite,

    /// <summary>Read pages from a block device, around the page cache.</summary>
    DeviceRead,

    /// <summary>Store every page once, in several sizes, and forget two of three at random.</summary>
    Thin,

    /// <summary>Load pages that <see cref="Thin"/> has left.</summary>
    LoadKept,

    /// <summary>Store blobs on a peer, pipelined.</summary>
    PeerStore,

    /// <summary>Load blobs from a peer, pipelined.</summary>
    PeerLoad,

    /// <summary>Ask for large loads over streams and never read a reply.</summary>
    NeverRead,

    /// <summary>Send stores over streams without heed of the window.</summary>
    Flood,
}
