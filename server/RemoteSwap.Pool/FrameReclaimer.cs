namespace RemoteSwap.Pool;

/// <summary>
/// Frees whole frames, the least recent first, as zbud_reclaim_page does: a frame costs at most two evictions.
/// <para>
/// Reclaim: (1) the LRU tail leaves both its lists and is marked, so that no allocation lands in it and freeing only
/// empties its chunks; (2) its handles are noted before the lock is given up; (3) unlocked, first is evicted, and last
/// only if first succeeded; (4) locked again, an empty frame is given back, any other becomes the most recent one.
/// </para>
/// <para>Steps 1, 2 and 4 are also there singly, for a caller that has many evictions in flight (KERNEL R17).</para>
/// <para>Locks: takes the pool's <see cref="ZbudPool.Gate"/>, never across an eviction.</para>
/// </summary>
public sealed class FrameReclaimer(ZbudPool pool)
{
    /// <summary>Frees one frame.</summary>
    /// <param name="retries">How many frames to try, 0 or more.</param>
    /// <param name="evictor">Who gives zpages up; null: nobody.</param>
    public ReclaimStatus Reclaim(int retries, IEvictor? evictor)
    {
        if (evictor is null || retries <= 0)
        {
            return ReclaimStatus.Invalid;
        }

        ReclaimTicket ticket;
        lock (pool.Gate)
        {
            if (!TryBegin(out ticket))
            {
                return ReclaimStatus.Invalid;
            }
        }

        for (int attempt = 1; ; attempt++)
        {
            if (ticket.First.IsNone || evictor.TryEvict(ticket.First))
            {
                _ = ticket.Last.IsNone || evictor.TryEvict(ticket.Last);
            }

            lock (pool.Gate)
            {
                if (End(ticket))
                {
                    return ReclaimStatus.Freed;
                }

                // The frame that failed is on the LRU list again, so it is not empty.
                if (attempt == retries || !TryBegin(out ticket))
                {
                    return ReclaimStatus.TryAgain;
                }
            }
        }
    }

    /// <summary>Takes the least recent frame for reclaim (steps 1 and 2). Needs the pool's lock.</summary>
    /// <param name="ticket">The frame.</param>
    /// <param name="headlessFirst">The least recent headless frame, as long as there is one.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryBegin(out ReclaimTicket ticket, bool headlessFirst = false)
    {
        pool.AssertHeld();
        FrameNumber headless = pool.Frames.Lists.Headless.Tail;
        FrameNumber frame = headlessFirst && headless != FrameNumber.None ? headless : pool.Frames.Lists.Lru.Tail;
        if (frame == FrameNumber.None)
        {
            ticket = default;
            return false;
        }

        pool.Frames.Isolate(frame, ref pool.Arena.Meta(frame));
        ticket = new ReclaimTicket(frame, pool.Frames.User(frame, Buddy.First), pool.Frames.User(frame, Buddy.Last));
        return true;
    }

    /// <summary>Looks at the least recent frame, which stays where it is. Needs the pool's lock.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryPeekOldest(out ReclaimTicket ticket) => TryPeek(pool.Frames.Lists.Lru.Tail, out ticket);

    /// <summary>Looks at the frame that is more recent by one than another. Needs the pool's lock.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryPeekNewer(ReclaimTicket than, out ReclaimTicket ticket) =>
        TryPeek(pool.Frames.Lists.Lru.Previous(than.Frame), out ticket);

    /// <summary>Takes a frame for reclaim that was looked at in the same hold of the pool's lock.</summary>
    public void Begin(ReclaimTicket ticket)
    {
        pool.AssertHeld();
        pool.Frames.Isolate(ticket.Frame, ref pool.Arena.Meta(ticket.Frame));
    }

    private bool TryPeek(FrameNumber frame, out ReclaimTicket ticket)
    {
        pool.AssertHeld();
        ticket = frame == FrameNumber.None
            ? default
            : new ReclaimTicket(frame, pool.Frames.User(frame, Buddy.First), pool.Frames.User(frame, Buddy.Last));
        return frame != FrameNumber.None;
    }

    /// <summary>Copies the header of a frame under reclaim. Needs the pool's lock.</summary>
    public void CopyHeader(ReclaimTicket ticket, Span<byte> header)
    {
        pool.AssertHeld();
        pool.Frames.Headers[ticket.Frame].CopyTo(header);
    }

    /// <summary>
    /// Copies the bytes of a frame under reclaim. Needs no lock if its zpages are pinned: the frame stays where it is
    /// and nothing is put into it.
    /// </summary>
    public void CopyFrame(ReclaimTicket ticket, Span<byte> frame) => pool.Arena[ticket.Frame].CopyTo(frame);

    /// <summary>Ends the reclaim of a frame (step 4). Needs the pool's lock.</summary>
    /// <returns>Whether the frame was freed.</returns>
    public bool End(ReclaimTicket ticket)
    {
        pool.AssertHeld();
        return pool.Frames.Rejoin(ticket.Frame);
    }
}
