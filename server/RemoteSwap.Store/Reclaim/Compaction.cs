using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Pairs up lone zpages, then moves frames from the arena's high end into free places below, so that whole segments at
/// the high end fall empty. Each step is one frame under one shard's lock; Loads and Stores run between the steps.
/// </summary>
internal static class Compaction
{
    public static CompactResult Run(FrameArena arena, Tenant tenant, int maxFrames)
    {
        int merged = 0;
        int busy = 0;
        foreach (Shard shard in tenant.Shards)
        {
            MoveStatus status = MoveStatus.Moved;
            while (status == MoveStatus.Moved && merged < maxFrames)
            {
                lock (shard.Gate)
                {
                    status = shard.Migrator.TryMergeOne();
                }

                merged += status == MoveStatus.Moved ? 1 : 0;
                busy += status == MoveStatus.Busy ? 1 : 0;
            }
        }

        int moved = MoveDown(arena, tenant, maxFrames - merged, ref busy);
        return new CompactResult(merged, moved, busy);
    }

    private static int MoveDown(FrameArena arena, Tenant tenant, int maxFrames, ref int busy)
    {
        int moved = 0;
        uint below = (uint)arena.MaxFrames;

        // A frame below the count of frames in use is where a compact arena would have it.
        while (moved < maxFrames
            && arena.TryFindInUseBelow(below, out FrameNumber frame)
            && frame.Value >= (uint)arena.FramesInUse)
        {
            below = frame.Value;
            if (FindShard(tenant, arena.PoolOf(frame)) is not { } shard)
            {
                continue;
            }

            MoveStatus status;
            lock (shard.Gate)
            {
                status = shard.Migrator.TryMigrateDown(frame);
            }

            moved += status == MoveStatus.Moved ? 1 : 0;
            busy += status == MoveStatus.Busy ? 1 : 0;
        }

        return moved;
    }

    private static Shard? FindShard(Tenant tenant, ushort pool)
    {
        foreach (Shard shard in tenant.Shards)
        {
            if (shard.Pool.Number == pool)
            {
                return shard;
            }
        }

        return null;
    }
}
