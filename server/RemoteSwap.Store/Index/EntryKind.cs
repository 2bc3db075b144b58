namespace RemoteSwap.Store;

/// <summary>Where the page of a slot is.</summary>
internal enum EntryKind : byte
{
    /// <summary>Nowhere: the slot is empty. Must be 0: a new leaf is zeroed.</summary>
    Empty = 0,

    /// <summary>In a frame.</summary>
    Zpage = 1,

    /// <summary>In the entry: a word whose halves are equal.</summary>
    FillNarrow = 2,

    /// <summary>In the fill table: any other word.</summary>
    FillWide = 3,

    /// <summary>In a frame image of the writeback target.</summary>
    Spilled = 4,

    /// <summary>With the area's owner, who took it from the Evictions stream.</summary>
    Evicted = 5,
}
