namespace RemoteSwap.Pool;

/// <summary>
/// Moves frames while their handles stay (KERNEL R6, R7, R9; the series "mm: migrate zbud pages", 2013). Zpages move
/// from frame to frame in <see cref="FrameMerger"/>.
/// <para>
/// Migrate: (1) the frame is not pinned and not under reclaim, else "again later"; (2) another frame is taken; (3)
/// bytes, header and meta are copied; (4) for each of its 0, 1 or 2 users the handle is swapped from the expected old
/// place to the new one, the tag kept; (5) the new frame takes the old one's places on both lists; (6) the old frame
/// goes back.
/// </para>
/// <para>
/// The source of places is the arena itself, not a budget in front of it: a move takes one frame and gives one back, so
/// a pool at its limit can be moved too.
/// </para>
/// <para>Locks: everything here runs under the pool's <see cref="ZbudPool.Gate"/>, which the caller holds.</para>
/// </summary>
/// <param name="pool">The pool.</param>
/// <param name="frames">Where the new places come from and the old ones go.</param>
public sealed class FrameMigrator(ZbudPool pool, IFrameSource frames)
{
    /// <summary>Moves the frame that holds a zpage to another place in the arena, whichever that is.</summary>
    public MoveStatus TryMigrate(ZbudHandle handle)
    {
        pool.AssertHeld();
        FrameNumber frame = pool.Handles.Resolve(handle).Frame;

        // (2) The source hands out the lowest free frame.
        if (!frames.TryTake(out FrameNumber target))
        {
            return IsBusy(frame) ? MoveStatus.Busy : MoveStatus.NoPlace;
        }

        MoveStatus status = TryMigrateTo(frame, target);
        frames.Return(status == MoveStatus.Moved ? frame : target);
        return status;
    }

    /// <summary>
    /// Moves a frame to a place that the caller has taken from the source, if it belongs to this pool (1, 3 to 5). The
    /// caller gives back what is free then, the old frame or the place: that, and the first touch of the place, for
    /// which the system may have to find memory, need not be under the lock.
    /// </summary>
    public MoveStatus TryMigrateTo(FrameNumber frame, FrameNumber target)
    {
        pool.AssertHeld();

        // Meta of another pool's frame may change as it is read, but never into this pool's number: that needs our
        // lock.
        ref FrameMeta meta = ref pool.Arena.Meta(frame);
        if (meta.Kind == FrameKind.None || meta.Pool != pool.Number)
        {
            return MoveStatus.NotHere;
        }

        // (1) Nobody looks at it.
        if (IsBusy(frame))
        {
            return MoveStatus.Busy;
        }

        // (3) A headless frame's header stays in its table: the meta names its cell.
        pool.Arena[frame].CopyTo(pool.Arena[target]);
        ref FrameMeta moved = ref pool.Arena.Meta(target);
        moved = meta;

        // (4) The users.
        Repoint(ref moved, Buddy.First, frame, target);
        if (moved.Kind == FrameKind.Zbud)
        {
            Repoint(ref moved, Buddy.Last, frame, target);
        }

        // (5) The places.
        pool.Frames.Lists.Replace(frame, target);

        // Emptied, so that it cannot be taken for a live one.
        meta = default;
        pool.Arena[frame][..FrameHeader.Bytes].Clear();
        return MoveStatus.Moved;
    }

    private bool IsBusy(FrameNumber frame) =>
        pool.Arena.Meta(frame).Pins != 0 || pool.Arena.Meta(frame).UnderReclaim;

    private void Repoint(ref FrameMeta moved, Buddy buddy, FrameNumber from, FrameNumber to)
    {
        uint user = PoolFrames.UserOf(ref moved, buddy);
        if (user != 0)
        {
            pool.Handles.Point(user - 1, new TaggedFrame(from, buddy), new TaggedFrame(to, buddy));
        }
    }
}
