namespace RemoteSwap.Store;

/// <summary>What became of a page that an earlier life of the server left behind.</summary>
internal enum RestoreOutcome : byte
{
    /// <summary>It is there again.</summary>
    Kept,

    /// <summary>Its image is torn, or not the one that was noted.</summary>
    Damaged,

    /// <summary>Its image could not be read.</summary>
    Unreadable,

    /// <summary>This server has no such tenant, area, slot or place, or does not believe the tenant.</summary>
    Foreign,

    /// <summary>Another image claims the slot too; neither is believed.</summary>
    Doubtful,

    /// <summary>Memory has no room for its entry.</summary>
    Crowded,
}
