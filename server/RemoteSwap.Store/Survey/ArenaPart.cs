using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Reads one part of the arena after the other: who has each frame, by a hint; then, owner by owner and each under its
/// own lock, what stands in them. A frame that changed hands in between reads as free.
/// <para>Not thread-safe: for one look.</para>
/// </summary>
/// <param name="arena">The arena.</param>
/// <param name="shards">The shards, by the number of their pool.</param>
/// <param name="tenant">Whose frames are told apart; null: everybody's.</param>
internal sealed class ArenaPart(
    FrameArena arena, IReadOnlyDictionary<ushort, (Tenant Tenant, Shard Shard)> shards, Tenant? tenant)
{
    private readonly bool[] _used = new bool[FrameMap.PartFrames];
    private readonly FrameState[] _states = new FrameState[FrameMap.PartFrames];
    private readonly int[] _next = new int[FrameMap.PartFrames];

    // The last frame of each owner that was met in the part; the others follow by _next, to -1.
    private readonly Dictionary<ushort, int> _owners = [];

    /// <summary>Reads a part.</summary>
    /// <param name="first">Its first frame.</param>
    /// <param name="count">Its frames, at most <see cref="FrameMap.PartFrames"/>; all of one segment.</param>
    /// <returns>Their states, until the next part is read.</returns>
    public ReadOnlySpan<FrameState> Read(uint first, int count)
    {
        Span<FrameState> states = _states.AsSpan(0, count);
        states.Clear();
        if (!arena.IsUsed(first, count))
        {
            return states;
        }

        Sort(first, states);
        foreach ((ushort pool, int last) in _owners)
        {
            (Tenant owner, Shard shard) = shards[pool];
            if (tenant is not null && owner != tenant)
            {
                for (int frame = last; frame >= 0; frame = _next[frame])
                {
                    states[frame] = FrameState.Elsewhere;
                }

                continue;
            }

            lock (shard.Gate)
            {
                for (int frame = last; frame >= 0; frame = _next[frame])
                {
                    states[frame] = FrameMap.StateOf(shard.Pool, new FrameNumber(first + (uint)frame));
                }
            }
        }

        return states;
    }

    private void Sort(uint first, Span<FrameState> states)
    {
        arena.ReadUse(first, _used.AsSpan(0, states.Length));
        _owners.Clear();
        for (int frame = 0; frame < states.Length; frame++)
        {
            if (!_used[frame])
            {
                continue;
            }

            ushort pool = arena.PoolOf(new FrameNumber(first + (uint)frame));
            if (!shards.ContainsKey(pool))
            {
                states[frame] = FrameState.Bookkeeping;
                continue;
            }

            _next[frame] = _owners.GetValueOrDefault(pool, -1);
            _owners[pool] = frame;
        }
    }
}
