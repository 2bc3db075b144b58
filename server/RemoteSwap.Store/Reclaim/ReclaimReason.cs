namespace RemoteSwap.Store;

/// <summary>Why frames are taken from a tenant.</summary>
public enum ReclaimReason : byte
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>The tenant came near its own limit; nobody else pays for that.</summary>
    OwnLimit,

    /// <summary>The server came near its limit, and the tenant uses more than it is guaranteed.</summary>
    ServerLimit,

    /// <summary>Somebody asked for it, by the call Reclaim.</summary>
    Request,
}
