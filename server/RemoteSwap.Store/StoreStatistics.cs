using System.Runtime.InteropServices;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>Figures of the store as a whole at a moment.</summary>
/// <param name="LimitBytes">Memory that all tenants together may use now.</param>
/// <param name="UsedBytes">Memory that they use.</param>
/// <param name="CommittedBytes">Memory of the arena that the system has given.</param>
/// <param name="HasReachedLimit">Whether the limit was hit and usage has not yet fallen to the accept
/// threshold.</param>
/// <param name="SpillUsedBytes">Bytes of the writeback target in use.</param>
/// <param name="SpillLimitBytes">Bytes of the writeback target; 0: there is none.</param>
/// <param name="FreeBytes">Memory that is neither used nor guaranteed to anybody.</param>
/// <param name="ScrubPasses">Passes of the scrubber over all tenants that were completed.</param>
/// <param name="CompactRuns">Compactions that merged or moved anything, on request and in the background.</param>
/// <param name="CompactLongestHold">The longest time that a step of them held a shard's lock.</param>
/// <param name="ConfiguredLimitBytes">Memory that they may use when the system is not short of it.</param>
/// <param name="LimitReason">Why the limit in force is below the configured one; empty: it is not.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StoreStatistics(
    long LimitBytes,
    long UsedBytes,
    long CommittedBytes,
    bool HasReachedLimit,
    long SpillUsedBytes,
    long SpillLimitBytes,
    long FreeBytes,
    long ScrubPasses,
    long CompactRuns,
    TimeSpan CompactLongestHold,
    long ConfiguredLimitBytes,
    string LimitReason)
{
    /// <summary>Takes the figures of now.</summary>
    internal static StoreStatistics Of(PageStore store)
    {
        ServerBudget budget = store.Budget;
        return new StoreStatistics(
            budget.Gate.LimitFrames * FrameArena.FrameBytes,
            (long)store.Arena.FramesInUse * FrameArena.FrameBytes,
            (long)store.Arena.FramesCommitted * FrameArena.FrameBytes,
            budget.Gate.HasReachedLimit,
            store.Target?.UsedBytes ?? 0,
            store.Target?.LimitBytes ?? 0,
            Math.Max(0, budget.Gate.LimitFrames - budget.ChargedFrames) * FrameArena.FrameBytes,
            store.Scrubber.Passes,
            store.Compactor.Runs,
            store.Compactor.LongestHold,
            store.Options.LimitBytes,
            store.Limit.Reason);
    }
}
