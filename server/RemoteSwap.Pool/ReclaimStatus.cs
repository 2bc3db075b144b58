namespace RemoteSwap.Pool;

/// <summary>How a reclaim ended; in brackets zbud_reclaim_page's code.</summary>
public enum ReclaimStatus
{
    /// <summary>One frame was freed (0).</summary>
    Freed,

    /// <summary>There is nothing to evict, no try is allowed, or there is nobody to evict to (-EINVAL).</summary>
    Invalid,

    /// <summary>Every try failed (-EAGAIN).</summary>
    TryAgain,
}
