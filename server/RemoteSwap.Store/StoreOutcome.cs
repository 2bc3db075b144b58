namespace RemoteSwap.Store;

/// <summary>What became of one page of a Store. Unless said otherwise the slot is empty after a refusal.</summary>
public enum StoreOutcome : byte
{
    /// <summary>Not decided yet.</summary>
    None = 0,

    /// <summary>Stored in a frame.</summary>
    Stored,

    /// <summary>Stored without a frame: one repeated word.</summary>
    SameFilled,

    /// <summary>No effect: the slot has seen a newer generation, or this one with other bytes.</summary>
    Stale,

    /// <summary>The tenant is at its limit.</summary>
    TenantLimit,

    /// <summary>The server is at its limit.</summary>
    PoolLimit,

    /// <summary>The zpage needs a whole frame and the policy rejects such pages.</summary>
    CompressPoor,

    /// <summary>No frame could be had.</summary>
    AllocFail,

    /// <summary>No index entry or handle could be had.</summary>
    MetadataFail,

    /// <summary>The tenant takes no new pages.</summary>
    Disabled,

    /// <summary>The server is shutting down.</summary>
    Draining,

    /// <summary>Another page of the same batch was refused.</summary>
    BatchAborted,

    /// <summary>The tenant's pool failed a check and does not answer. The slot's state is unknown.</summary>
    Invariant,

    /// <summary>No effect: the epoch is not that of the area's owner.</summary>
    Fenced,

    /// <summary>The tenant has as many pages as it may, and the slot had none.</summary>
    PageQuota,
}
