namespace RemoteSwap.Client;

/// <summary>What became of one page of a load. Numbers are those of the wire contract.</summary>
public enum LoadOutcome
{
    /// <summary>Never returned.</summary>
    None = 0,

    /// <summary>The page is here and verified.</summary>
    Loaded = 1,

    /// <summary>The slot is empty: never stored, invalidated, or a store to it was refused.</summary>
    NotFound = 2,

    /// <summary>
    /// A page was here and it, or what the server sent for it, did not verify. Also a page that another client stored
    /// without page checksums. No byte of it is handed out.
    /// </summary>
    Corrupt = 3,

    /// <summary>
    /// The server could not read the page from its spill file, or this client from its eviction file; a later load may
    /// succeed.
    /// </summary>
    IoError = 4,

    /// <summary>An internal check of the tenant's pool failed and the pool no longer answers.</summary>
    Invariant = 5,

    /// <summary>Somebody else owns the area.</summary>
    Fenced = 6,

    /// <summary>
    /// A page was stored here and is gone: the server lost its memory, or has an older page or none where this client
    /// knows that there should be a newer one. No byte is handed out.
    /// </summary>
    Lost = 7,
}
