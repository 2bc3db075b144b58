namespace RemoteSwap.Pool;

/// <summary>
/// A doubly linked list of frames whose links stand in <see cref="FrameMeta"/>. Which pair of links it uses is fixed by
/// <typeparamref name="TLinks"/>, so that one frame can be on the LRU list and on one other list at once.
/// Guarded by the pool's lock.
/// </summary>
internal sealed class FrameList<TLinks>(FrameArena arena)
    where TLinks : struct, IFrameLinks
{
    /// <summary>The head: the frame added last.</summary>
    public FrameNumber Head { get; private set; } = FrameNumber.None;

    /// <summary>The tail: the frame added first.</summary>
    public FrameNumber Tail { get; private set; } = FrameNumber.None;

    public int Count { get; private set; }

    public FrameNumber Next(FrameNumber frame) => new(TLinks.Next(ref arena.Meta(frame)));

    public FrameNumber Previous(FrameNumber frame) => new(TLinks.Previous(ref arena.Meta(frame)));

    public void AddHead(FrameNumber frame) => AddHead(frame, ref arena.Meta(frame));

    /// <summary>Puts a frame, whose meta the caller has at hand, at the head.</summary>
    public void AddHead(FrameNumber frame, ref FrameMeta meta)
    {
        TLinks.Previous(ref meta) = FrameNumber.None.Value;
        TLinks.Next(ref meta) = Head.Value;
        if (Head == FrameNumber.None)
        {
            Tail = frame;
        }
        else
        {
            TLinks.Previous(ref arena.Meta(Head)) = frame.Value;
        }

        Head = frame;
        Count++;
    }

    public void AddTail(FrameNumber frame)
    {
        ref FrameMeta meta = ref arena.Meta(frame);
        TLinks.Previous(ref meta) = Tail.Value;
        TLinks.Next(ref meta) = FrameNumber.None.Value;
        if (Tail == FrameNumber.None)
        {
            Head = frame;
        }
        else
        {
            TLinks.Next(ref arena.Meta(Tail)) = frame.Value;
        }

        Tail = frame;
        Count++;
    }

    public void Remove(FrameNumber frame) => Remove(frame, ref arena.Meta(frame));

    /// <summary>Takes a frame, whose meta the caller has at hand, off the list.</summary>
    public void Remove(FrameNumber frame, ref FrameMeta meta)
    {
        FrameNumber previous = new(TLinks.Previous(ref meta));
        FrameNumber next = new(TLinks.Next(ref meta));
        Bridge(previous, next, frame, before: previous, after: next);
        Count--;
    }

    /// <summary>Puts <paramref name="replacement"/> into the place that <paramref name="frame"/> has.</summary>
    public void Replace(FrameNumber frame, FrameNumber replacement)
    {
        ref FrameMeta meta = ref arena.Meta(frame);
        ref FrameMeta newcomer = ref arena.Meta(replacement);
        FrameNumber previous = new(TLinks.Previous(ref meta));
        FrameNumber next = new(TLinks.Next(ref meta));
        Bridge(previous, next, frame, before: replacement, after: replacement);
        TLinks.Previous(ref newcomer) = previous.Value;
        TLinks.Next(ref newcomer) = next.Value;
    }

    // Gives the neighbours of a frame that leaves other neighbours: what comes after the previous one, before the next.
    private void Bridge(
        FrameNumber previous, FrameNumber next, FrameNumber frame, FrameNumber before, FrameNumber after)
    {
        if (previous == FrameNumber.None)
        {
            Invariant.That(Head == frame, "a frame without predecessor is its list's head", frame.Value);
            Head = after;
        }
        else
        {
            ref uint link = ref TLinks.Next(ref arena.Meta(previous));
            Invariant.That(link == frame.Value, "the predecessor links to the frame", frame.Value);
            link = after.Value;
        }

        if (next == FrameNumber.None)
        {
            Invariant.That(Tail == frame, "a frame without successor is its list's tail", frame.Value);
            Tail = before;
        }
        else
        {
            ref uint link = ref TLinks.Previous(ref arena.Meta(next));
            Invariant.That(link == frame.Value, "the successor links to the frame", frame.Value);
            link = before.Value;
        }
    }
}
