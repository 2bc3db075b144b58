namespace RemoteSwap.Device;

/// <summary>What the device knows of one slot.</summary>
internal enum SlotState : byte
{
    /// <summary>
    /// Nothing: this process has not touched the slot. The server is asked; an empty slot reads as zeroes.
    /// </summary>
    Unknown = 0,

    /// <summary>Never written, or trimmed: reads as zeroes, without the server.</summary>
    Hole = 1,

    /// <summary>The server has acknowledged a page: if it has none, the page is lost, and never zeroes.</summary>
    Stored = 2,

    /// <summary>
    /// A write failed after the old page was gone, so there is nothing that could be read; only writing mends it.
    /// </summary>
    Lost = 3,

    /// <summary>
    /// Nothing is known of the slot, and pages of the area were lost, or somebody else owns it now: the server is
    /// asked, and a slot without a page is an error, never zeroes, until it is written or trimmed.
    /// </summary>
    Doubtful = 4,
}
