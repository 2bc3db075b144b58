using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// A shard's pages on their way between memory and the writeback target: out when a frame is reclaimed, back when
/// it is hot, and when an earlier life of the server left it. Each way is a compare and swap of the slot's entry under
/// the shard's lock; the live book's mark follows before the lock is let go.
/// <para>
/// The order with the live book: the mark of a page is set after its image was written and while its entry points
/// there; it goes with the entry (<see cref="EntryStorage.Release"/>), before the place can be another page's.
/// </para>
/// </summary>
internal sealed class SpilledPages(Shard shard, EntryStorage storage)
{
    /// <summary>
    /// Points a live zpage of a frame under reclaim at its image and frees it (Reclaim's commit). Needs the lock.
    /// </summary>
    /// <returns>Zpages that are in the image now.</returns>
    public int Commit(ZbudHandle handle, Buddy buddy, SpillPlace place, OwnerRecord written, uint imageChecksum)
    {
        // The identity check: the handle may have been freed, and its index reused, while the image was written.
        if (!shard.Pool.IsLive(handle))
        {
            return 0;
        }

        SwapEntry entry = LiveZpage.EntryOf(shard.Pool, shard.Index, handle, in written, out OwnerRecord record);
        shard.Target!.AddUser(place);
        shard.Index.Repoint(record.Area, record.Slot, entry, entry.ToSpilled(place, buddy, record.PageChecksum));
        shard.Target.Book?.Set(place, buddy, imageChecksum, entry.IsHeadless);
        storage.Free(in entry);
        shard.Counters.SpilledPages++;
        shard.Counters.WrittenBackPages++;
        return 1;
    }

    /// <summary>
    /// Brings a page back to memory that was read from its image, if its entry is still the very one that was looked
    /// up. Takes the lock.
    /// </summary>
    /// <param name="spilled">The entry; the caller is a user of its place, so no other page can have it.</param>
    /// <param name="record">The page's owner record; proven.</param>
    /// <param name="zpage">The zpage.</param>
    /// <returns>Whether it is in memory now; if not, it is where it was, or was changed meanwhile.</returns>
    public bool TryPromote(in SwapEntry spilled, in OwnerRecord record, ReadOnlySpan<byte> zpage)
    {
        StorePage page = StorePage.Of(in record, zpage);
        lock (shard.Gate)
        {
            if (shard.Index[record.Area, record.Slot] != spilled
                || spilled.IsHandedOver
                || storage.Place(in page, record.Generation, out SwapEntry entry) != StoreOutcome.Stored)
            {
                return false;
            }

            shard.Index.Repoint(record.Area, record.Slot, spilled, entry);
            storage.Release(in spilled);
            shard.Counters.PromotedPages++;
            return true;
        }
    }

    /// <summary>Publishes a page whose image an earlier life of the server left behind. Takes the lock.</summary>
    /// <param name="record">The page's owner record; proven.</param>
    /// <param name="place">Where its image lies; the caller is one of its users.</param>
    /// <param name="buddy">Which zpage of the image.</param>
    /// <returns>Kept; Doubtful: the slot had a page, which is gone now too; Crowded: no memory.</returns>
    public RestoreOutcome Restore(in OwnerRecord record, SpillPlace place, Buddy buddy)
    {
        lock (shard.Gate)
        {
            if (!shard.Index[record.Area, record.Slot].IsEmpty)
            {
                storage.Release(shard.Index.Remove(record.Area, record.Slot, Generation.None, isOwn: false));
                return RestoreOutcome.Doubtful;
            }

            SwapEntry entry = SwapEntry.Spilled(in record, place, buddy);
            if (!shard.Index.TryPublish(record.Area, record.Slot, entry, out _))
            {
                return RestoreOutcome.Crowded;
            }

            shard.Target!.AddUser(place);
            shard.Counters.SpilledPages++;
            return RestoreOutcome.Kept;
        }
    }
}
