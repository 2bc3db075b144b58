namespace RemoteSwap.Pool;

/// <summary>How an allocation ended; in brackets zbud_alloc's code.</summary>
public enum AllocStatus
{
    /// <summary>Allocated (0).</summary>
    Ok,

    /// <summary>The size is not positive (-EINVAL).</summary>
    Invalid,

    /// <summary>The size exceeds what a frame holds beside its header and the spare chunk (-ENOSPC).</summary>
    NoSpace,

    /// <summary>No frame could be had (-ENOMEM).</summary>
    NoMemory,

    /// <summary>No handle could be had (zswap: reject_kmemcache_fail).</summary>
    NoHandle,
}
