namespace RemoteSwap.Store;

/// <summary>
/// Reclaims frames of one tenant until a target is reached, from its shards in turn, with zbud's bounds and results.
/// Without a writeback target nothing is reclaimed: a page that must not be lost stays.
/// </summary>
internal static class TenantReclaim
{
    public static async ValueTask<ReclaimResult> RunAsync(
        Tenant tenant, WritebackPool? writebacks, int targetFrames, int retries)
    {
        if (retries <= 0)
        {
            return new ReclaimResult(ReclaimOutcome.NothingToReclaim, 0, 0, "no retry is allowed");
        }

        if (writebacks is null)
        {
            return new ReclaimResult(
                ReclaimOutcome.NothingToReclaim, 0, 0, "the server has no writeback target and pages must not be lost");
        }

        // Not given back if it throws: what it holds is not known then.
        FrameWriteback writeback = writebacks.Rent();
        ReclaimResult result = await RunAsync(tenant, writeback, targetFrames, retries);
        writebacks.Return(writeback);
        return result;
    }

    private static async ValueTask<ReclaimResult> RunAsync(
        Tenant tenant, FrameWriteback writeback, int targetFrames, int retries)
    {
        int freed = 0;
        long pages = 0;
        int failures = 0;
        int empty = 0;

        // Each call goes round by itself from where the last one began, so that none sees a shard twice and another
        // never.
        for (uint turn = tenant.NextReclaimTurn(); freed < targetFrames; turn++)
        {
            Shard shard = tenant.Shards[(int)(turn % (uint)tenant.Shards.Length)];
            WritebackStep step = await writeback.RunAsync(shard, targetFrames - freed);
            freed += step.Freed;
            pages += step.PagesWritten;
            failures += step.Failed;
            if (failures >= retries && freed < targetFrames)
            {
                string why = step.Detail.Length > 0 ? step.Detail : "frames are in use";
                return new ReclaimResult(ReclaimOutcome.TryAgain, freed, pages, why);
            }

            empty = step.Attempted == 0 && step.Failed == 0 ? empty + 1 : 0;
            if (empty == tenant.Shards.Length)
            {
                return new ReclaimResult(ReclaimOutcome.NothingToReclaim, freed, pages, "no frame is left in memory");
            }
        }

        return new ReclaimResult(ReclaimOutcome.Freed, freed, pages, "");
    }
}
