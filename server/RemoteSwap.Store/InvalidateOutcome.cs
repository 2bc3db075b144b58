namespace RemoteSwap.Store;

/// <summary>What became of one slot of an Invalidate.</summary>
public enum InvalidateOutcome : byte
{
    /// <summary>Not decided yet.</summary>
    None = 0,

    /// <summary>The slot held a page and is empty now.</summary>
    Invalidated,

    /// <summary>The slot was empty.</summary>
    NotFound,

    /// <summary>No effect: the slot has seen something newer, or holds another page than was taken over.</summary>
    Stale,

    /// <summary>The tenant's pool failed a check and does not answer.</summary>
    Invariant,

    /// <summary>No effect: the epoch is not that of the area's owner.</summary>
    Fenced,
}
