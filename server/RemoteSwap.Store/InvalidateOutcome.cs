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

    /// <summary>No effect: the slot holds another, newer page.</summary>
    Stale,

    /// <summary>The tenant's pool failed a check and does not answer.</summary>
    Invariant,
}
