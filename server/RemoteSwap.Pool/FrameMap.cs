namespace RemoteSwap.Pool;

/// <summary>
/// Tells what stands in the frames of an arena, for a person who looks at them. Frames are read in parts of at most
/// <see cref="PartFrames"/>, so that no lock is held for longer than a look at so many times 32 bytes: microseconds.
/// <para>
/// What it is not: an account. Parts are looked at one after the other while pages come and go, and a frame that moves
/// may be seen twice or not at all. The account is <see cref="PoolStatistics"/>; the two agree when nothing changes.
/// </para>
/// </summary>
public static class FrameMap
{
    /// <summary>The most frames that are looked at under one hold of a lock.</summary>
    public const int PartFrames = FrameArena.SegmentFrames;

    /// <summary>
    /// Below which number all frames in use lie, rounded up to a segment. A hint, without a lock; costs a word a
    /// segment of the arena.
    /// </summary>
    public static uint EndInUse(FrameArena arena)
    {
        uint segment = (uint)((arena.MaxFrames - 1) / FrameArena.SegmentFrames);
        while (segment > 0 && !arena.IsUsed(segment * FrameArena.SegmentFrames, 1))
        {
            segment--;
        }

        return (uint)Math.Min(arena.MaxFrames, (segment + 1L) * FrameArena.SegmentFrames);
    }

    /// <summary>The state of a frame that a pool has, or <see cref="FrameState.Free"/> if it has not.</summary>
    /// <param name="pool">The pool; its lock is held.</param>
    /// <param name="frame">The frame.</param>
    public static FrameState StateOf(ZbudPool pool, FrameNumber frame)
    {
        pool.AssertHeld();
        ref readonly FrameMeta meta = ref pool.Arena.Meta(frame);
        if (meta.Pool != pool.Number)
        {
            return FrameState.Free;
        }

        return meta switch
        {
            { UnderReclaim: true } => FrameState.UnderReclaim,
            { Kind: FrameKind.Headless } => FrameState.Headless,
            { FirstChunks: > 0, LastChunks: > 0 } => FrameState.Both,
            { FirstChunks: > 0 } => FrameState.First,
            { LastChunks: > 0 } => FrameState.Last,
            _ => FrameState.Free,
        };
    }
}
