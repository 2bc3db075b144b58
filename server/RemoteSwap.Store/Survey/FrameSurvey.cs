using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Looks at frames for a map of them: of the arena, or of the writeback target's places. A look answers at most
/// <see cref="MaxBlocks"/> blocks and reads at most <see cref="MaxLooked"/> frames, whatever is asked for.
/// <para>
/// It never holds up a Load: frames are read in parts of <see cref="FrameMap.PartFrames"/>, each under the lock of the
/// shard that has them, one lock at a time, for as long as it takes to read 16 KiB; in between everybody else has his
/// turn. The map is therefore not of one moment.
/// </para>
/// <para>Free when nobody looks. Thread-safe: a look has its state to itself.</para>
/// </summary>
public sealed class FrameSurvey
{
    /// <summary>The most blocks of an answer.</summary>
    public const int MaxBlocks = 4096;

    /// <summary>The most frames that one look reads: those of 1 GiB.</summary>
    public const int MaxLooked = 1 << 18;

    private readonly PageStore _store;
    private readonly Dictionary<ushort, (Tenant Tenant, Shard Shard)> _shards;

    /// <summary>Looks at nothing yet.</summary>
    /// <param name="store">Whose frames.</param>
    public FrameSurvey(PageStore store)
    {
        _store = store;
        _shards = store.Tenants
            .SelectMany(tenant => tenant.Shards.ToArray().Select(shard => (Tenant: tenant, Shard: shard)))
            .ToDictionary(of => of.Shard.Pool.Number);
    }

    /// <summary>Below which number all frames in use lie; a hint.</summary>
    public long EndInUse => FrameMap.EndInUse(_store.Arena);

    /// <summary>Looks at frames of the arena.</summary>
    /// <param name="tenant">Whose frames are told apart; null: everybody's.</param>
    /// <param name="from">The first frame, 0 or more.</param>
    /// <param name="count">How many; what is beyond the arena is left out.</param>
    /// <param name="maxBlocks">The most blocks to answer, 1 to <see cref="MaxBlocks"/>.</param>
    public FrameView Look(Tenant? tenant, long from, long count, int maxBlocks)
    {
        FrameArena arena = _store.Arena;
        SurveyPlan plan = SurveyPlan.Of(from, count, arena.MaxFrames, maxBlocks, MaxLooked);
        BlockCounts[] blocks = Blocks(in plan);
        ArenaPart part = new(arena, _shards, tenant);
        long looked = 0;
        foreach ((long first, int frames) in plan.Parts(FrameMap.PartFrames))
        {
            Count(in plan, blocks, first, part.Read((uint)first, frames));
            looked += frames;
        }

        return new FrameView(arena.MaxFrames, plan.From, plan.Count, plan.BlockFrames, looked, blocks);
    }

    /// <summary>
    /// Looks at places of the writeback target: those with one page of their image left are First, with more Both.
    /// </summary>
    /// <param name="from">The first place, 0 or more.</param>
    /// <param name="count">How many; what is beyond the target is left out.</param>
    /// <param name="maxBlocks">The most blocks to answer, 1 to <see cref="MaxBlocks"/>.</param>
    public FrameView LookSpilled(long from, long count, int maxBlocks)
    {
        long places = (_store.Target?.LimitBytes ?? 0) / FrameArena.FrameBytes;
        SurveyPlan plan = SurveyPlan.Of(from, count, places, maxBlocks, MaxLooked);
        BlockCounts[] blocks = Blocks(in plan);
        byte[] users = new byte[FrameMap.PartFrames];
        FrameState[] states = new FrameState[FrameMap.PartFrames];
        long looked = 0;
        foreach ((long first, int part) in plan.Parts(FrameMap.PartFrames))
        {
            _store.Target!.ReadUsers(new SpillPlace((uint)first), users.AsSpan(0, part));
            for (int place = 0; place < part; place++)
            {
                states[place] = users[place] switch
                {
                    0 => FrameState.Free,
                    1 => FrameState.First,
                    _ => FrameState.Both,
                };
            }

            Count(in plan, blocks, first, states.AsSpan(0, part));
            looked += part;
        }

        return new FrameView(places, plan.From, plan.Count, plan.BlockFrames, looked, blocks);
    }

    private static BlockCounts[] Blocks(in SurveyPlan plan)
    {
        BlockCounts[] blocks = new BlockCounts[plan.Blocks];
        for (int block = 0; block < blocks.Length; block++)
        {
            blocks[block] = new BlockCounts();
        }

        return blocks;
    }

    private static void Count(
        in SurveyPlan plan, BlockCounts[] blocks, long first, ReadOnlySpan<FrameState> states)
    {
        for (int frame = 0; frame < states.Length; frame++)
        {
            blocks[(first + frame - plan.From) / plan.BlockFrames].Add(states[frame]);
        }
    }
}
