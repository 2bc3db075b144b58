namespace RemoteSwap.Client;

/// <summary>
/// What became of one page of a store. Numbers are those of the wire contract. After every refusal but
/// <see cref="Stale"/> and <see cref="Fenced"/> the slot is empty: an older page never comes back.
/// </summary>
public enum StoreOutcome
{
    /// <summary>Never returned.</summary>
    None = 0,

    /// <summary>Stored: a load answers with this page from now on.</summary>
    Stored = 1,

    /// <summary>Stored without a frame: the page is one repeated 8-byte word.</summary>
    SameFilled = 2,

    /// <summary>
    /// Refused, no effect: the slot has seen a newer generation. Another store or invalidation overtook it.
    /// </summary>
    Stale = 3,

    /// <summary>Refused: the tenant is at its limit, or not yet back below its accept threshold.</summary>
    TenantLimit = 4,

    /// <summary>Refused: the server is at its limit, or not yet back below its accept threshold.</summary>
    PoolLimit = 5,

    /// <summary>Refused: the page does not compress and the tenant's policy rejects such pages.</summary>
    CompressPoor = 6,

    /// <summary>Refused: the server got no frame from its system.</summary>
    AllocFail = 7,

    /// <summary>Refused: the server has no memory for an index entry or a handle.</summary>
    MetadataFail = 8,

    /// <summary>Refused: the tenant takes no new pages.</summary>
    Disabled = 9,

    /// <summary>Refused: the server is shutting down.</summary>
    Draining = 10,

    /// <summary>Taken back: another page of the same all-or-nothing batch was refused.</summary>
    BatchAborted = 11,

    /// <summary>Refused: an internal check of the tenant's pool failed and the pool no longer answers.</summary>
    Invariant = 12,

    /// <summary>Refused, no effect: somebody else owns the area.</summary>
    Fenced = 13,

    /// <summary>Refused: the tenant has as many pages as it may, and the slot had none.</summary>
    PageQuota = 14,
}
