namespace RemoteSwap.Pool;

/// <summary>
/// Pairs up lone zpages: the smaller of two moves to the free side of the other's frame, its own frame goes back, and
/// both handles stay.
/// <para>
/// Which two: the largest lone zpage that has a partner at all, with the largest that fits beside it. What fits beside
/// the largest fits beside every other one, so partners may be used up in any order: taken until none is left, this
/// gives as many pairs as there can be (<see cref="CountMerges"/>), and those that stay alone are the ones with most
/// room beside them, for what is stored next.
/// </para>
/// <para>
/// The LRU list is in the order in which frames last got a zpage. A merged frame takes the more recent of the two
/// places, so no zpage looks older than it is; the older of the two looks younger, as it does when zbud puts a new
/// zpage beside it.
/// </para>
/// <para>
/// A step looks at no more than <see cref="MaxLooks"/> frames, because pinned ones are passed over, and copies at most
/// half a frame.
/// </para>
/// <para>Locks: everything here runs under the pool's <see cref="ZbudPool.Gate"/>, which the caller holds.</para>
/// </summary>
public sealed class FrameMerger(ZbudPool pool)
{
    /// <summary>Frames that one step looks at, at most; more pinned ones in the way: "again later".</summary>
    public const int MaxLooks = 64;

    private readonly FrameLists _lists = pool.Frames.Lists;

    /// <summary>How many frames merging can free at the most, pins aside. Costs a look at 62 counts.</summary>
    public int CountMerges()
    {
        pool.AssertHeld();
        Span<int> lone = stackalloc int[Chunks.Usable + 1];
        for (int free = 1; free < Chunks.Usable; free++)
        {
            lone[Chunks.Usable - free] = _lists.Unbuddied[free].Count;
        }

        // The largest with the smallest; one that does not fit beside the smallest stays alone.
        int merges = 0;
        int small = 1;
        int large = Chunks.Usable - 1;
        while (small < large)
        {
            if (lone[small] == 0)
            {
                small++;
            }
            else if (lone[large] == 0 || small + large > Chunks.Usable)
            {
                large--;
            }
            else
            {
                int pairs = Math.Min(lone[small], lone[large]);
                merges += pairs;
                lone[small] -= pairs;
                lone[large] -= pairs;
            }
        }

        return 2 * small <= Chunks.Usable ? merges + (lone[small] / 2) : merges;
    }

    /// <summary>Pairs up two lone zpages and frees a frame.</summary>
    public MoveStatus TryMergeOne()
    {
        ulong passedOver = 0;
        return TryMergeOne(ref passedOver);
    }

    /// <summary>Pairs up two lone zpages and frees a frame; for many steps in a row.</summary>
    /// <param name="passedOver">
    /// Lists whose frames were found pinned, by their bits: the steps that follow do not look at them again. 0 at
    /// first, and again when the pins may have ended.
    /// </param>
    public MoveStatus TryMergeOne(ref ulong passedOver)
    {
        pool.AssertHeld();
        int looks = MaxLooks;
        bool busy = false;
        for (int free = _lists.NextOccupied(1); free < Chunks.Usable && looks > 0; free = _lists.NextOccupied(free + 1))
        {
            if ((passedOver >> free & 1) == 0
                && TryFindPair(
                    free, ref looks, ref busy, ref passedOver, out FrameNumber frame, out FrameNumber partner))
            {
                Merge(frame, partner);
                return MoveStatus.Moved;
            }
        }

        return busy || passedOver != 0 ? MoveStatus.Busy : MoveStatus.NoPlace;
    }

    // A frame of one list, and the fullest other one with room for its zpage.
    private bool TryFindPair(
        int free,
        ref int looks,
        ref bool busy,
        ref ulong passedOver,
        out FrameNumber frame,
        out FrameNumber partner)
    {
        frame = FrameNumber.None;
        partner = FrameNumber.None;
        int room = _lists.NextOccupied(Chunks.Usable - free);
        for (; room < Chunks.Usable; room = _lists.NextOccupied(room + 1))
        {
            if ((passedOver >> room & 1) != 0 || (room == free && _lists.Unbuddied[room].Count == 1))
            {
                continue;
            }

            // Two would fit; now they have to be unpinned.
            busy = true;
            if (frame == FrameNumber.None)
            {
                frame = FindUnpinned(free, FrameNumber.None, ref looks);
                if (frame == FrameNumber.None)
                {
                    passedOver |= 1UL << free;
                    return false;
                }
            }

            partner = FindUnpinned(room, frame, ref looks);
            if (partner != FrameNumber.None)
            {
                return true;
            }

            passedOver |= room == free ? 0 : 1UL << room;
        }

        return false;
    }

    private FrameNumber FindUnpinned(int free, FrameNumber except, ref int looks)
    {
        FrameList<BuddyLinks> list = _lists.Unbuddied[free];
        FrameNumber frame = list.Head;
        for (; frame != FrameNumber.None && looks > 0; frame = list.Next(frame))
        {
            looks--;
            if (frame != except && pool.Arena.Meta(frame).Pins == 0)
            {
                return frame;
            }
        }

        return FrameNumber.None;
    }

    private void Merge(FrameNumber one, FrameNumber other)
    {
        // Of two alike the higher frame goes: the arena empties from its high end.
        int difference = Used(one) - Used(other);
        bool oneMoves = difference < 0 || (difference == 0 && one.Value > other.Value);
        FrameNumber source = oneMoves ? one : other;
        FrameNumber target = oneMoves ? other : one;
        ref FrameMeta from = ref pool.Arena.Meta(source);
        ref FrameMeta to = ref pool.Arena.Meta(target);
        Buddy fromSide = from.FirstChunks != 0 ? Buddy.First : Buddy.Last;
        Buddy toSide = to.FirstChunks == 0 ? Buddy.First : Buddy.Last;
        int chunks = Used(source);
        ZbudHandle user = pool.Frames.User(source, fromSide);
        Invariant.That(!user.IsNone, "an unpinned frame's zpage has a user", source.Value);

        _lists.RemoveFromList(source, ref from);
        _lists.RemoveFromList(target, ref to);
        TakeLruPlace(source, target);

        int bytes = chunks * Chunks.Bytes;
        pool.Arena[source].Slice(Chunks.Offset(fromSide, chunks), bytes)
            .CopyTo(pool.Arena[target].Slice(Chunks.Offset(toSide, chunks), bytes));
        FrameHeader.Record(pool.Frames.Headers[source], fromSide)
            .CopyTo(FrameHeader.Record(pool.Frames.Headers[target], toSide));
        pool.Frames.Occupy(target, ref to, toSide, chunks, user);

        // A frame is as young as the younger of its zpages; a move is no use.
        FrameClock clock = pool.Arena.Clock;
        to.LastUse = clock.Since(from.LastUse) < clock.Since(to.LastUse) ? from.LastUse : to.LastUse;
        to.IsLoaded |= from.IsLoaded;
        to.IsIdle &= from.IsIdle;
        pool.Handles.Point(user.Index, new TaggedFrame(source, fromSide), new TaggedFrame(target, toSide));

        _lists.AddToList(target, ref to);
        pool.Arena[source][..FrameHeader.Bytes].Clear();
        pool.Frames.Drop(source, ref from);
    }

    // The source leaves the LRU list; the target stays at its place or takes the source's, whichever is more recent.
    private void TakeLruPlace(FrameNumber source, FrameNumber target)
    {
        FrameHeaders headers = pool.Frames.Headers;
        ref FrameHeader header = ref FrameHeader.Of(headers[target]);
        uint stamp = FrameHeader.Of(headers[source]).Stamp;
        if (FrameHeader.IsMoreRecent(stamp, header.Stamp))
        {
            _lists.Lru.Remove(target);
            _lists.Lru.Replace(source, target);
            header.Stamp = stamp;
        }
        else
        {
            _lists.Lru.Remove(source);
        }
    }

    private int Used(FrameNumber frame)
    {
        ref FrameMeta meta = ref pool.Arena.Meta(frame);
        return meta.FirstChunks + meta.LastChunks;
    }
}
