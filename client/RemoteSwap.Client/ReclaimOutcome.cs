namespace RemoteSwap.Client;

/// <summary>How a reclaim ended. Numbers are those of the wire contract.</summary>
public enum ReclaimOutcome
{
    /// <summary>Never returned.</summary>
    None = 0,

    /// <summary>The target was reached.</summary>
    Freed = 1,

    /// <summary>Nothing can be reclaimed: no frame, no retry allowed, or no writeback target.</summary>
    NothingToReclaim = 2,

    /// <summary>Every try failed before the target was reached; the same call may succeed later.</summary>
    TryAgain = 3,

    /// <summary>An internal check of the tenant's pool failed and the pool no longer answers.</summary>
    Invariant = 4,
}
