using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Moves frames from the arena's high end into free places below, so that whole segments at the high end fall empty and
/// go back to the system as the huge pages that they are.
/// <para>
/// What it is not: the only way in which memory goes back. The arena gives single free frames back too; but the segment
/// that they were in has small pages from then on, and every access to what is left in it costs more.
/// </para>
/// <para>
/// Only frames of zpages move: index leaves and tables are found by place. A frame below the count of frames in use is
/// where a compact arena would have it, and stays. Called by one task at a time.
/// </para>
/// </summary>
internal sealed class FrameDescent
{
    /// <summary>The most ticks for which the arena is left alone after a pass that moved nothing.</summary>
    public const int MaxWait = 64;

    // Frames that are looked at for one that moves: those of others, index leaves, tables.
    private const int LooksPerMove = 16;

    // Segments more than are needed, of those that are needed: a quarter.
    private const int SlackDivisor = 4;

    private readonly FrameArena _arena;

    // By the number of the pool, which a frame names: a hint, that the pool's lock makes sure of.
    private readonly Dictionary<ushort, (Tenant Tenant, Shard Shard)> _shards = [];
    private uint _below = uint.MaxValue;
    private int _wait;
    private int _lastWait;
    private int _movedInPass;

    /// <summary>Begins with no pass.</summary>
    public FrameDescent(FrameArena arena, IEnumerable<Tenant> tenants)
    {
        _arena = arena;
        foreach (Tenant tenant in tenants)
        {
            foreach (Shard shard in tenant.Shards)
            {
                _shards.Add(shard.Pool.Number, (tenant, shard));
            }
        }
    }

    /// <summary>Goes on with a pass over the arena, or begins one if its frames lie scattered.</summary>
    /// <param name="run">Carries the moves out, and bounds them.</param>
    /// <param name="maxFrames">The most frames to move.</param>
    public async ValueTask TickAsync(CompactionRun run, int maxFrames)
    {
        if (_wait > 0)
        {
            _wait--;
            return;
        }

        if (_below == uint.MaxValue && !IsScattered(_arena))
        {
            return;
        }

        int before = run.Moved;
        _below = await RunAsync(run, only: null, _below, maxFrames);
        _movedInPass += run.Moved - before;
        if (_below == uint.MaxValue)
        {
            _lastWait = _movedInPass > 0 ? 0 : Math.Min(MaxWait, (2 * _lastWait) + 1);
            _wait = _lastWait;
            _movedInPass = 0;
        }
    }

    /// <summary>Moves frames down, the highest first.</summary>
    /// <param name="run">Carries the moves out, and bounds them.</param>
    /// <param name="only">Whose frames; null: all tenants'.</param>
    /// <param name="below">Where to begin: below this place.</param>
    /// <param name="maxFrames">The most frames to move.</param>
    /// <returns>Where to go on, or <see cref="uint.MaxValue"/>: the pass is over.</returns>
    public async ValueTask<uint> RunAsync(CompactionRun run, Tenant? only, uint below, int maxFrames)
    {
        int moved = 0;
        for (long looks = (long)maxFrames * LooksPerMove; looks > 0 && moved < maxFrames && !run.IsSpent; looks--)
        {
            if (!_arena.TryFindInUseBelow(below, out FrameNumber frame) || frame.Value < (uint)_arena.FramesInUse)
            {
                return uint.MaxValue;
            }

            below = frame.Value;
            if (!_shards.TryGetValue(_arena.PoolOf(frame), out (Tenant Tenant, Shard Shard) owner)
                || owner.Tenant.Poison is not null
                || (only is not null && only != owner.Tenant))
            {
                await run.PauseAsync(atOnce: false);
                continue;
            }

            MoveStatus status = await MoveDownAsync(run, owner.Tenant, owner.Shard, frame);
            if (status == MoveStatus.NoPlace)
            {
                return uint.MaxValue;
            }

            moved += status == MoveStatus.Moved ? 1 : 0;
        }

        return below;
    }

    private static bool IsScattered(FrameArena arena)
    {
        int needed = (arena.FramesInUse / FrameArena.SegmentFrames) + 1;
        return arena.SegmentsInUse > needed + 1 + (needed / SlackDivisor);
    }

    private async ValueTask<MoveStatus> MoveDownAsync(
        CompactionRun run, Tenant tenant, Shard shard, FrameNumber frame)
    {
        try
        {
            return await run.MoveDownAsync(shard, _arena, frame);
        }
        catch (InvariantViolationException violation)
        {
            tenant.SetPoison(violation);
            return MoveStatus.NotHere;
        }
    }
}
