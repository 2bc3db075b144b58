namespace RemoteSwap.Pool;

/// <summary>
/// Moves frames and zpages while their handles stay (KERNEL R6, R7, R9; the series "mm: migrate zbud pages", 2013).
/// <para>
/// Migrate: (1) the frame is not pinned and not under reclaim, else "again later"; (2) another frame is taken; (3)
/// bytes, header and meta are copied; (4) for each of its 0, 1 or 2 users the handle is swapped from the expected old
/// place to the new one, the tag kept; (5) the new frame takes the old one's places on both lists; (6) the old frame
/// goes back.
/// </para>
/// <para>
/// Merge: the smaller of two lone zpages moves to the free side of the other's frame; its own frame goes back.
/// </para>
/// <para>Locks: everything here runs under the pool's <see cref="ZbudPool.Gate"/>, which the caller holds.</para>
/// </summary>
public sealed class FrameMigrator(ZbudPool pool, IFrameSource frames)
{
    /// <summary>Moves a frame to a lower place in the arena, if it belongs to this pool and there is one.</summary>
    public MoveStatus TryMigrateDown(FrameNumber frame)
    {
        pool.AssertHeld();

        // Meta of another pool's frame may change as it is read, but never into this pool's number: that needs our
        // lock.
        ref FrameMeta meta = ref pool.Arena.Meta(frame);
        return meta.Kind == FrameKind.None || meta.Pool != pool.Number
            ? MoveStatus.NotHere
            : TryMigrate(frame, onlyDown: true);
    }

    /// <summary>Moves the frame that holds a zpage to another place in the arena, whichever that is.</summary>
    public MoveStatus TryMigrate(ZbudHandle handle)
    {
        pool.AssertHeld();
        return TryMigrate(pool.Handles.Resolve(handle).Frame, onlyDown: false);
    }

    private MoveStatus TryMigrate(FrameNumber frame, bool onlyDown)
    {
        // (1) Nobody looks at it.
        ref FrameMeta meta = ref pool.Arena.Meta(frame);
        if (meta.Pins != 0 || meta.UnderReclaim)
        {
            return MoveStatus.Busy;
        }

        // (2) The source hands out the lowest free frame.
        if (!frames.TryTake(out FrameNumber target))
        {
            return MoveStatus.NoPlace;
        }

        if (onlyDown && target.Value > frame.Value)
        {
            frames.Return(target);
            return MoveStatus.NoPlace;
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

        // (6) The old frame, emptied so that it cannot be taken for a live one.
        meta = default;
        pool.Arena[frame][..FrameHeader.Bytes].Clear();
        frames.Return(frame);
        return MoveStatus.Moved;
    }

    /// <summary>
    /// Pairs up two lone zpages and frees a frame: looks from the fullest unbuddied frames on for one whose zpage fits
    /// beside another's.
    /// </summary>
    public MoveStatus TryMergeOne()
    {
        pool.AssertHeld();
        bool busy = false;
        for (int free = 1; free < Chunks.Usable; free++)
        {
            FrameNumber frame = pool.Frames.Lists.Unbuddied[free].Head;
            if (frame == FrameNumber.None)
            {
                continue;
            }

            FrameNumber partner = FindPartner(frame, Chunks.Usable - free);
            if (partner == FrameNumber.None)
            {
                continue;
            }

            if (pool.Arena.Meta(frame).Pins != 0 || pool.Arena.Meta(partner).Pins != 0)
            {
                busy = true;
                continue;
            }

            Merge(frame, partner);
            return MoveStatus.Moved;
        }

        return busy ? MoveStatus.Busy : MoveStatus.NoPlace;
    }

    // The best-fitting other unbuddied frame with room for so many chunks.
    private FrameNumber FindPartner(FrameNumber frame, int chunks)
    {
        FrameNumber partner = pool.Frames.Lists.FirstFitting(chunks);
        return partner == frame ? NextFitting(frame) : partner;
    }

    private FrameNumber NextFitting(FrameNumber frame)
    {
        FrameNumber next = new(pool.Arena.Meta(frame).ListNext);
        int free = Chunks.Free(pool.Arena.Meta(frame).FirstChunks, pool.Arena.Meta(frame).LastChunks);
        return next != FrameNumber.None ? next : pool.Frames.Lists.FirstFitting(free + 1);
    }

    private void Merge(FrameNumber one, FrameNumber other)
    {
        bool oneIsSmaller = Used(one) <= Used(other);
        FrameNumber source = oneIsSmaller ? one : other;
        FrameNumber target = oneIsSmaller ? other : one;
        ref FrameMeta from = ref pool.Arena.Meta(source);
        ref FrameMeta to = ref pool.Arena.Meta(target);
        Buddy fromSide = from.FirstChunks != 0 ? Buddy.First : Buddy.Last;
        Buddy toSide = to.FirstChunks == 0 ? Buddy.First : Buddy.Last;
        int chunks = Used(source);
        ZbudHandle user = pool.Frames.User(source, fromSide);
        Invariant.That(!user.IsNone, "an unpinned frame's zpage has a user", source.Value);

        pool.Frames.Lists.RemoveFromList(source, ref from);
        pool.Frames.Lists.Lru.Remove(source);
        pool.Frames.Lists.RemoveFromList(target, ref to);

        int bytes = chunks * Chunks.Bytes;
        pool.Arena[source].Slice(Chunks.Offset(fromSide, chunks), bytes)
            .CopyTo(pool.Arena[target].Slice(Chunks.Offset(toSide, chunks), bytes));
        FrameHeader.Record(pool.Frames.Headers[source], fromSide)
            .CopyTo(FrameHeader.Record(pool.Frames.Headers[target], toSide));
        pool.Frames.Occupy(target, ref to, toSide, chunks, user);
        pool.Handles.Point(user.Index, new TaggedFrame(source, fromSide), new TaggedFrame(target, toSide));

        pool.Frames.Lists.AddToList(target, ref to);
        pool.Arena[source][..FrameHeader.Bytes].Clear();
        pool.Frames.Drop(source, ref from);
    }

    private int Used(FrameNumber frame)
    {
        ref FrameMeta meta = ref pool.Arena.Meta(frame);
        return meta.FirstChunks + meta.LastChunks;
    }

    private void Repoint(ref FrameMeta moved, Buddy buddy, FrameNumber from, FrameNumber to)
    {
        uint user = PoolFrames.UserOf(ref moved, buddy);
        if (user != 0)
        {
            pool.Handles.Point(user - 1, new TaggedFrame(from, buddy), new TaggedFrame(to, buddy));
        }
    }
}
