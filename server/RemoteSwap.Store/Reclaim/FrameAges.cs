using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// How long frames have not been used, over all tenants: turns the clock, keeps old frames old, and marks idle ones.
/// <para>Locks: a shard's, for a run of 512 frames at a time.</para>
/// </summary>
public sealed class FrameAges
{
    private const int RunFrames = 512;

    // Well before a frame could become young again.
    private const int TicksToSettle = FrameClock.MaxAge / 4;

    private readonly FrameArena _arena;
    private readonly IReadOnlyList<Tenant> _tenants;
    private TimeSpan _sinceTick;
    private int _sinceSettled;

    internal FrameAges(FrameArena arena, IReadOnlyList<Tenant> tenants)
    {
        _arena = arena;
        _tenants = tenants;
    }

    /// <summary>The resolution of ages, 1 minute.</summary>
    public static TimeSpan Resolution => FrameClock.Tick;

    /// <summary>The greatest age that is told apart, 17 hours.</summary>
    public static TimeSpan MaxAge { get; } = FrameClock.Tick * (FrameClock.MaxAge - 3);

    /// <summary>Time has passed. Called by one task at a time.</summary>
    public void Pass(TimeSpan elapsed)
    {
        for (_sinceTick += elapsed; _sinceTick >= FrameClock.Tick; _sinceTick -= FrameClock.Tick)
        {
            _arena.Clock.Turn();
            if (++_sinceSettled == TicksToSettle)
            {
                _sinceSettled = 0;
                foreach (Tenant tenant in _tenants)
                {
                    Walk(tenant, static (shard, first, count) => shard.Aging.Settle(first, count));
                }
            }
        }
    }

    /// <summary>
    /// Marks frames of a tenant, no page of which was stored or loaded for a time, as idle: they are reclaimed first. A
    /// use ends the mark. Takes a moment for each million of frames.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="age">The time, rounded up to a whole minute; none: all frames.</param>
    /// <returns>Frames marked.</returns>
    internal long MarkIdle(Tenant tenant, TimeSpan age)
    {
        // A use may have been at the end of its minute.
        int ticks = age <= TimeSpan.Zero ? 0 : (int)Math.Min(FrameClock.MaxAge, Math.Ceiling(age / Resolution) + 1);
        long marked = 0;
        Walk(tenant, (shard, first, count) =>
        {
            int found = shard.Aging.MarkIdle(first, count, ticks);
            shard.Counters.IdleFramesMarked += found;
            marked += found;
        });
        return marked;
    }

    private void Walk(Tenant tenant, Action<Shard, uint, int> look)
    {
        for (long first = 0; first < _arena.MaxFrames && tenant.Poison is null; first += RunFrames)
        {
            int count = (int)Math.Min(RunFrames, _arena.MaxFrames - first);
            if (!_arena.IsUsed((uint)first, count))
            {
                continue;
            }

            foreach (Shard shard in tenant.Shards)
            {
                lock (shard.Gate)
                {
                    look(shard, (uint)first, count);
                }
            }
        }
    }
}
