namespace RemoteSwap.Store;

/// <summary>What an <see cref="IndexRecord"/> says.</summary>
internal enum IndexRecordKind : byte
{
    /// <summary>Nothing: the rest of an image that is not full.</summary>
    None = 0,

    /// <summary>A same-filled page.</summary>
    Fill = 1,

    /// <summary>The page of a slot, wherever it is, is handed over.</summary>
    HandedOver = 2,

    /// <summary>An empty slot, and the generation that emptied it.</summary>
    Tombstone = 3,

    /// <summary>What the other empty slots of a leaf may have seen.</summary>
    LeafFloor = 4,

    /// <summary>What slots of a slab without a leaf may have seen.</summary>
    SlabFloor = 5,

    /// <summary>What slots of an area without a slab may have seen, in one shard.</summary>
    AreaFloor = 6,

    /// <summary>A page that the area's owner keeps.</summary>
    Evicted = 7,
}
