namespace RemoteSwap.Pool;

/// <summary>How the move of a frame or of a zpage ended.</summary>
public enum MoveStatus
{
    /// <summary>Moved; handles are as before.</summary>
    Moved,

    /// <summary>Pinned or under reclaim; try again later (-EAGAIN).</summary>
    Busy,

    /// <summary>There is no better place.</summary>
    NoPlace,

    /// <summary>The frame is not in this pool.</summary>
    NotHere,
}
