namespace RemoteSwap.Store;

/// <summary>
/// One reclaim step's way of freeing frames: with the clients that take pages, with the spill file, or with both in the
/// order that the tenant's options name. What the first has no frames for, the second may take; a frame is tried by one
/// of them only.
/// </summary>
internal sealed class ReclaimPass(
    Tenant tenant, FrameWriteback? writeback, TimeProvider time, ReclaimReason reason)
{
    private FrameEviction? _eviction;

    /// <summary>Runs one step on a shard.</summary>
    /// <param name="shard">Whose frames.</param>
    /// <param name="maxFrames">How many frames, at least 1.</param>
    public async ValueTask<WritebackStep> RunAsync(Shard shard, int maxFrames)
    {
        bool isClientFirst = tenant.Options.Writeback == WritebackOrder.ClientFirst;
        WritebackStep first = await RunAsync(shard, maxFrames, isClientFirst);
        if (first.Attempted >= maxFrames)
        {
            return first;
        }

        WritebackStep second = await RunAsync(shard, maxFrames - first.Attempted, !isClientFirst);
        return new WritebackStep(
            first.Attempted + second.Attempted,
            first.Freed + second.Freed,
            first.PagesWritten + second.PagesWritten,

            // Of two targets one that has no room is no failure while the other has.
            second.Freed > 0 && first.Attempted == 0 ? second.Failed : first.Failed + second.Failed,
            string.IsNullOrEmpty(second.Detail) ? first.Detail ?? "" : second.Detail);
    }

    private async ValueTask<WritebackStep> RunAsync(Shard shard, int maxFrames, bool isClient)
    {
        if (!isClient)
        {
            return writeback is null ? default : await writeback.RunAsync(shard, maxFrames, reason);
        }

        if (!tenant.HasOutlets)
        {
            return default;
        }

        _eviction ??= new FrameEviction(time, reason);
        return await _eviction.RunAsync(tenant, shard, maxFrames);
    }
}
