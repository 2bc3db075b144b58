using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The identity check of whoever commits what it began without the lock (KERNEL R11, B8): between a live handle, the
/// owner record that was noted when the zpage was pinned, and the entry of its slot. The handle may have been freed
/// meanwhile, and its index reused; that the caller asks the pool. What is live is what was noted, or the books are
/// wrong.
/// <para>Guarded by the shard's lock.</para>
/// </summary>
internal static class LiveZpage
{
    /// <summary>Finds the entry that names a live handle's zpage.</summary>
    /// <param name="pool">The shard's pool.</param>
    /// <param name="index">Its index.</param>
    /// <param name="handle">The handle; live.</param>
    /// <param name="noted">The owner record as it was when the zpage was pinned.</param>
    /// <param name="record">The owner record.</param>
    /// <exception cref="InvariantViolationException">The three do not agree.</exception>
    public static SwapEntry EntryOf(
        ZbudPool pool, SwapIndex index, ZbudHandle handle, in OwnerRecord noted, out OwnerRecord record)
    {
        record = OwnerRecord.Read(pool.OwnerRecord(handle));
        Invariant.That(record == noted, "what is committed is what was noted", handle.Value);
        SwapEntry entry = index[record.Area, record.Slot];
        Invariant.That(
            entry.Kind == EntryKind.Zpage
                && entry.Handle == handle
                && record.Matches(record.Area, record.Slot, in entry),
            "a live handle is the one that its slot's entry names",
            handle.Value);
        return entry;
    }
}
