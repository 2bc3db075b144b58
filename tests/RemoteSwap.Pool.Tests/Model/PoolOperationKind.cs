namespace RemoteSwap.Pool.Tests.Model;

/// <summary>What a step of a random run does.</summary>
internal enum PoolOperationKind
{
    /// <summary>Allocate A bytes; A may be no size at all.</summary>
    Allocate,

    /// <summary>Allocate a whole frame.</summary>
    AllocateHeadless,

    /// <summary>Free a live zpage.</summary>
    Free,

    /// <summary>Free a handle that is stale.</summary>
    FreeStale,

    /// <summary>Reclaim with A retries and an evictor that does as seed B says.</summary>
    Reclaim,

    /// <summary>Pin a live zpage.</summary>
    Pin,

    /// <summary>End a pin.</summary>
    Unpin,

    /// <summary>Move the frame of a zpage.</summary>
    Migrate,

    /// <summary>Move the frame of a zpage to a lower place.</summary>
    MigrateDown,

    /// <summary>Merge two frames.</summary>
    Merge,

    /// <summary>Refuse frames if A is 0; else give them.</summary>
    Refuse,
}
