namespace RemoteSwap.Pool;

/// <summary>
/// The ages of a pool's frames as reclaim sees them: second chances, and frames marked as idle. The order that zbud has
/// by itself, by the last store into a frame, is changed here and nowhere else.
/// <para>
/// Walks go over the arena's numbers, not over the LRU list: a list cannot be left and entered again while others
/// change it, and a number can.
/// </para>
/// <para>Locks: everything here needs the pool's <see cref="ZbudPool.Gate"/>.</para>
/// </summary>
public sealed class FrameAging(ZbudPool pool)
{
    /// <summary>
    /// Passes over frames at the cold end whose zpages were loaded since they were last passed: each goes to the warm
    /// end once for it.
    /// </summary>
    /// <param name="chances">How many frames, at most.</param>
    /// <returns>How many were passed over.</returns>
    public int PassLoaded(int chances)
    {
        pool.AssertHeld();
        int passed = 0;
        while (passed < chances && pool.Frames.Lists.Lru.Tail is var frame && frame != FrameNumber.None)
        {
            ref FrameMeta meta = ref pool.Arena.Meta(frame);
            if (!meta.IsLoaded)
            {
                break;
            }

            meta.IsLoaded = false;
            pool.Frames.AddToLru(frame, isNew: false);
            passed++;
        }

        return passed;
    }

    /// <summary>Whether a frame under reclaim was marked as idle.</summary>
    public bool IsIdle(ReclaimTicket ticket)
    {
        pool.AssertHeld();
        return pool.Arena.Meta(ticket.Frame).IsIdle;
    }

    /// <summary>Marks frames that were not used for a time as idle, and moves them to the cold end.</summary>
    /// <param name="first">The first frame to look at; frames of others are passed over.</param>
    /// <param name="count">How many.</param>
    /// <param name="age">The age in ticks of <see cref="FrameClock"/>, 0 or more; 0: all.</param>
    /// <returns>Frames marked.</returns>
    public int MarkIdle(uint first, int count, int age)
    {
        int marked = 0;
        for (uint number = first; number < first + (uint)count; number++)
        {
            FrameNumber frame = new(number);
            if (!IsListed(frame))
            {
                continue;
            }

            ref FrameMeta meta = ref pool.Arena.Meta(frame);
            if (pool.Arena.Clock.Since(meta.LastUse) >= age)
            {
                meta.IsIdle = true;
                meta.IsLoaded = false;
                pool.Frames.MakeOldest(frame);
                marked++;
            }
        }

        return marked;
    }

    /// <summary>Keeps frames that are older than the clock can tell at the greatest age.</summary>
    /// <param name="first">The first frame to look at; frames of others are passed over.</param>
    /// <param name="count">How many.</param>
    public void Settle(uint first, int count)
    {
        for (uint number = first; number < first + (uint)count; number++)
        {
            FrameNumber frame = new(number);
            if (!IsListed(frame))
            {
                continue;
            }

            ref FrameMeta meta = ref pool.Arena.Meta(frame);
            if (pool.Arena.Clock.Since(meta.LastUse) > FrameClock.MaxAge)
            {
                meta.LastUse = pool.Arena.Clock.Ago(FrameClock.MaxAge);
            }
        }
    }

    // Meta of another pool's frame may change as it is read, but never into this pool's number: that needs our lock.
    private bool IsListed(FrameNumber frame)
    {
        pool.AssertHeld();
        ref FrameMeta meta = ref pool.Arena.Meta(frame);
        return meta.Pool == pool.Number && meta.Kind != FrameKind.None && !meta.UnderReclaim;
    }
}
