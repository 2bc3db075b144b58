namespace RemoteSwap.Pool;

/// <summary>
/// Takes frames of an earlier life into a pool as they are: the same zpages beside each other, with new handles, each
/// frame the most recent one. So frames that come least recent first are in the order that they had.
/// <para>Locks: needs the pool's <see cref="ZbudPool.Gate"/>.</para>
/// </summary>
public sealed class FrameAdopter(ZbudPool pool)
{
    /// <summary>Whether a header describes a frame that could be a pool's.</summary>
    public static bool IsFrame(in FrameHeader header) => header.Kind switch
    {
        FrameKind.Zbud => header.FirstChunks + header.LastChunks is > 0 and <= Chunks.Usable
            && header.FirstChunks < Chunks.Usable && header.LastChunks < Chunks.Usable,
        FrameKind.Headless => header.FirstChunks == Chunks.PerFrame && header.LastChunks == 0,
        _ => false,
    };

    /// <summary>Takes a frame in.</summary>
    /// <param name="frame">Its bytes.</param>
    /// <param name="header">Its header, of a frame (<see cref="IsFrame"/>).</param>
    /// <param name="first">The handle of its first zpage, or none.</param>
    /// <param name="last">The handle of its last zpage, or none.</param>
    /// <returns>Whether there was memory for it; if not, nothing happened.</returns>
    public bool TryAdopt(
        ReadOnlySpan<byte> frame, Span<byte> header, out ZbudHandle first, out ZbudHandle last)
    {
        pool.AssertHeld();
        FrameHeader fields = FrameHeader.Of(header);
        first = ZbudHandle.None;
        last = ZbudHandle.None;
        uint cell = 0;
        bool isHeadless = fields.Kind == FrameKind.Headless;
        bool hasHandles = (fields.FirstChunks == 0 || pool.Handles.TryTake(out first))
            && (fields.LastChunks == 0 || pool.Handles.TryTake(out last));
        bool hasCell = hasHandles && isHeadless && pool.Frames.Headers.TryTakeCell(out cell);
        if (!hasHandles || (isHeadless && !hasCell) || !pool.Frames.TryAdd(fields.Kind, out FrameNumber adopted))
        {
            GiveBack(ref first);
            GiveBack(ref last);
            if (hasCell)
            {
                pool.Frames.Headers.GiveCell(cell);
            }

            return false;
        }

        frame.CopyTo(pool.Arena[adopted]);
        ref FrameMeta meta = ref pool.Arena.Meta(adopted);
        meta.LastHandle = isHeadless ? cell : 0;
        pool.Frames.Headers.Reset(adopted);
        CopyRecords(header, pool.Frames.Headers[adopted]);
        Occupy(adopted, ref meta, Buddy.First, fields.FirstChunks, first);
        if (!isHeadless)
        {
            Occupy(adopted, ref meta, Buddy.Last, fields.LastChunks, last);
        }

        pool.Frames.Lists.AddToList(adopted, ref meta);
        pool.Frames.AddToLru(adopted, isNew: true);
        return true;
    }

    // The rest of the header is this pool's to write: it has another tenant's number, maybe.
    private static void CopyRecords(ReadOnlySpan<byte> from, Span<byte> to) =>
        from[FrameHeader.FirstRecordOffset..FrameHeader.Bytes].CopyTo(to[FrameHeader.FirstRecordOffset..]);

    private void Occupy(FrameNumber frame, ref FrameMeta meta, Buddy buddy, int chunks, ZbudHandle handle)
    {
        if (chunks > 0)
        {
            pool.Frames.Occupy(frame, ref meta, buddy, chunks, handle);
            pool.Handles.Point(
                handle.Index, new TaggedFrame(FrameNumber.None, Buddy.First), new TaggedFrame(frame, buddy));
        }
    }

    private void GiveBack(ref ZbudHandle handle)
    {
        if (!handle.IsNone)
        {
            pool.Handles.Give(handle);
            handle = ZbudHandle.None;
        }
    }
}
