using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Drops frames of a tenant whose pages are a cache: nothing is written. Each page goes out of index A as if it had
/// been invalidated at its own generation, so a late copy of its store is stale and does not bring it back.
/// <para>Lock: the shard's, for up to 32 frames, as a writeback's commit.</para>
/// </summary>
internal static class FrameDrop
{
    /// <summary>Runs one step.</summary>
    /// <param name="shard">Whose frames.</param>
    /// <param name="maxFrames">How many frames, at least 1; no more than a writeback's are taken.</param>
    /// <param name="reason">Why; for the server's limit the frames are condemned already.</param>
    public static WritebackStep Run(Shard shard, int maxFrames, ReclaimReason reason)
    {
        int attempted = 0;
        int freed = 0;
        int pages = 0;
        int chances = FrameWriteback.MaxSecondChances;
        lock (shard.Gate)
        {
            while (!shard.IsSealed && attempted < Math.Min(maxFrames, FrameWriteback.MaxFrames))
            {
                int passed = shard.Aging.PassLoaded(chances);
                chances -= passed;
                shard.Counters.SecondChances += passed;
                if (!shard.Reclaimer.TryBegin(out ReclaimTicket ticket))
                {
                    break;
                }

                attempted++;
                bool idle = shard.Aging.IsIdle(ticket);
                bool claimed = shard.Budget.TryClaim(reason);
                pages += claimed ? Drop(shard, ticket.First) + Drop(shard, ticket.Last) : 0;
                bool isFree = shard.Reclaimer.End(ticket);
                freed += isFree ? 1 : 0;
                shard.Counters.IdleFramesReclaimed += isFree && idle ? 1 : 0;
                shard.Budget.EndFrame(reason, claimed);
            }

            shard.Counters.DroppedPages += pages;
            shard.Counters.AddReclaimed(reason, freed, pages);
            shard.Counters.ReclaimFail += attempted - freed;
        }

        return new WritebackStep(attempted, freed, PagesWritten: 0, attempted - freed, "frames are being read");
    }

    private static int Drop(Shard shard, ZbudHandle handle)
    {
        if (handle.IsNone || !shard.Pool.IsLive(handle))
        {
            return 0;
        }

        OwnerRecord record = OwnerRecord.Read(shard.Pool.OwnerRecord(handle));
        SwapEntry entry = shard.Index.Remove(record.Area, record.Slot, Generation.None);
        Invariant.That(
            entry.Kind == EntryKind.Zpage && entry.Handle == handle,
            "a live handle is the one that its slot's entry names",
            handle.Value);
        shard.Storage.Release(in entry);
        return 1;
    }
}
