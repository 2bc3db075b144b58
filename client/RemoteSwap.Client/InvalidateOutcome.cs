namespace RemoteSwap.Client;

/// <summary>What became of one slot of an invalidation. Numbers are those of the wire contract.</summary>
public enum InvalidateOutcome
{
    /// <summary>Never returned.</summary>
    None = 0,

    /// <summary>The slot held a page and is empty now.</summary>
    Invalidated = 1,

    /// <summary>The slot was empty.</summary>
    NotFound = 2,

    /// <summary>No effect: the slot holds a page of a newer generation.</summary>
    Stale = 3,

    /// <summary>An internal check of the tenant's pool failed and the pool no longer answers.</summary>
    Invariant = 4,

    /// <summary>No effect: somebody else owns the area.</summary>
    Fenced = 5,
}
