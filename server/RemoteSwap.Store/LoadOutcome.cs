namespace RemoteSwap.Store;

/// <summary>What became of one slot of a Load.</summary>
public enum LoadOutcome : byte
{
    /// <summary>Not decided yet.</summary>
    None = 0,

    /// <summary>The zpage is in the reply.</summary>
    Loaded,

    /// <summary>The slot is empty.</summary>
    NotFound,

    /// <summary>A zpage was here, and its checksum or owner record does not match.</summary>
    Corrupt,

    /// <summary>The spill file could not be read.</summary>
    IoError,

    /// <summary>The tenant's pool failed a check and does not answer.</summary>
    Invariant,

    /// <summary>The epoch is not that of the area's owner.</summary>
    Fenced,

    /// <summary>A page may have been here in an earlier incarnation, and the slot was not touched since.</summary>
    Lost,

    /// <summary>An owner of the area took the page from the Evictions stream; it is not here any more.</summary>
    Evicted,
}
