namespace RemoteSwap.Client.Records;

/// <summary>What the client knows of a slot.</summary>
internal enum RecordedKind : byte
{
    /// <summary>It has not stored or invalidated it in this session.</summary>
    Unknown = 0,

    /// <summary>It is empty: invalidated, taken over, or a store to it was refused.</summary>
    Empty = 1,

    /// <summary>It holds a page.</summary>
    Stored = 2,

    /// <summary>It holds a page whose checksum is not known, because the server had it on its disk.</summary>
    StoredUnchecked = 3,
}
