namespace RemoteSwap.Store;

/// <summary>Whether a tenant's pages may go when memory is wanted.</summary>
public enum Retention
{
    /// <summary>They are kept until the tenant forgets them: in memory or in the writeback target.</summary>
    Persistent = 0,

    /// <summary>
    /// They are a cache: reclaim drops them and writes nothing. A dropped page is NOT_FOUND and never comes back.
    /// </summary>
    Ephemeral,
}
