namespace RemoteSwap.Store;

/// <summary>How a reclaim ended: zbud's three results, and one for a broken pool.</summary>
public enum ReclaimOutcome : byte
{
    /// <summary>Not decided yet.</summary>
    None = 0,

    /// <summary>The target was reached.</summary>
    Freed,

    /// <summary>Nothing can be reclaimed.</summary>
    NothingToReclaim,

    /// <summary>Every try failed before the target was reached.</summary>
    TryAgain,

    /// <summary>The tenant's pool failed a check and does not answer.</summary>
    Invariant,
}
