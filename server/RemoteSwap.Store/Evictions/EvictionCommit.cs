using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Forgets the bytes of pages that the owners of their areas have taken: the last step of an eviction in one shard. The
/// entry stays, with the page's generation and checksum, so that its slot is never mistaken for an empty one; it costs
/// what the entry of a spilled page costs, 16 bytes.
/// <para>Guarded by the shard's lock.</para>
/// </summary>
internal sealed class EvictionCommit(ZbudPool pool, SwapIndex index, EntryStorage storage, ShardCounters counters)
{
    /// <summary>Forgets a page.</summary>
    /// <param name="claim">Who took it.</param>
    /// <param name="handle">The zpage that was handed out, pinned since.</param>
    /// <param name="sent">Its owner record as it was handed out.</param>
    /// <returns>Whether it is gone from memory.</returns>
    public bool TryCommit(in AreaClaim claim, ZbudHandle handle, OwnerRecord sent)
    {
        // Whoever took it may be fenced by now; and the slot may have been emptied or stored again (KERNEL B8).
        if (!claim.IsCurrent || !pool.IsLive(handle))
        {
            return false;
        }

        SwapEntry entry = LiveZpage.EntryOf(pool, index, handle, in sent, out OwnerRecord record);
        index.Repoint(record.Area, record.Slot, entry, entry.ToEvicted(record.PageChecksum));
        storage.Free(in entry);
        counters.EvictedPages++;
        counters.EvictionsTaken++;
        return true;
    }
}
