namespace RemoteSwap.Pool;

/// <summary>
/// Copies all frames of a pool out, the least recent first, a few at a time: for images of a pool that does not change
/// any more. Frames under reclaim come first: they were the least recent ones, and where a reclaim does not end they
/// are on no list. A zpage that was freed while it was pinned is no zpage in the copy.
/// <para>Locks: takes the pool's <see cref="ZbudPool.Gate"/> for each step and holds none in between.</para>
/// </summary>
public sealed class FrameCopier(ZbudPool pool)
{
    private readonly Queue<FrameNumber> _underReclaim = [];
    private FrameNumber _next = FrameNumber.None;
    private bool _hasBegun;

    /// <summary>Copies the next frames.</summary>
    /// <param name="frames">Room for 4,096 bytes a frame.</param>
    /// <param name="headers">Room for 64 bytes a frame: its header.</param>
    /// <param name="most">The most frames to copy.</param>
    /// <returns>How many were copied; 0: there are no more.</returns>
    public int Copy(Span<byte> frames, Span<byte> headers, int most)
    {
        int copied = 0;
        lock (pool.Gate)
        {
            Begin();
            while (copied < most && TryNext(out FrameNumber frame))
            {
                Span<byte> header = headers.Slice(copied * FrameHeader.Bytes, FrameHeader.Bytes);
                if (TryCopy(frame, frames.Slice(copied * FrameArena.FrameBytes, FrameArena.FrameBytes), header))
                {
                    copied++;
                }
            }
        }

        return copied;
    }

    private void Begin()
    {
        _next = _hasBegun ? _next : pool.Frames.Lists.Lru.Tail;
        if (!_hasBegun)
        {
            foreach (FrameNumber frame in pool.Frames.UnderReclaim)
            {
                _underReclaim.Enqueue(frame);
            }
        }

        _hasBegun = true;
    }

    private bool TryNext(out FrameNumber frame)
    {
        if (_underReclaim.TryDequeue(out frame))
        {
            return true;
        }

        frame = _next;
        if (frame != FrameNumber.None)
        {
            _next = pool.Frames.Lists.Lru.Previous(frame);
        }

        return frame != FrameNumber.None;
    }

    private bool TryCopy(FrameNumber frame, Span<byte> bytes, Span<byte> header)
    {
        bool hasFirst = !pool.Frames.User(frame, Buddy.First).IsNone;
        bool hasLast = !pool.Frames.User(frame, Buddy.Last).IsNone;
        pool.Arena[frame].CopyTo(bytes);
        pool.Frames.Headers[frame].CopyTo(header);
        ref FrameHeader fields = ref FrameHeader.Of(header);
        fields.FirstChunks = hasFirst ? fields.FirstChunks : (byte)0;
        fields.LastChunks = hasLast ? fields.LastChunks : (byte)0;
        return hasFirst || hasLast;
    }
}
