namespace RemoteSwap.Pool;

/// <summary>
/// The frames of a pool and what becomes of them: taken, occupied, vacated, given to a reclaimer and taken back,
/// dropped. A frame that is not under reclaim is on the lists that its chunks name; under reclaim it is on none.
/// <para>Guarded by the pool's lock.</para>
/// </summary>
internal sealed class PoolFrames(FrameArena arena, IFrameSource frames, HandleTable handles, ushort number, uint owner)
{
    private readonly HashSet<FrameNumber> _underReclaim = [];

    // Counts additions to the head of the LRU list.
    private uint _clock;

    /// <summary>Frames, those under reclaim included.</summary>
    public int Count { get; private set; }

    public FrameLists Lists { get; } = new(arena);

    public FrameHeaders Headers { get; } = new(arena, frames, owner);

    public IReadOnlyCollection<FrameNumber> UnderReclaim => _underReclaim;

    /// <summary>Index B's field for a side of a frame.</summary>
    public static ref uint UserOf(ref FrameMeta meta, Buddy buddy)
    {
        if (buddy == Buddy.First)
        {
            return ref meta.FirstHandle;
        }

        return ref meta.LastHandle;
    }

    /// <summary>The chunks of a side of a frame.</summary>
    public static byte ChunksOf(in FrameMeta meta, Buddy buddy) =>
        buddy == Buddy.First ? meta.FirstChunks : meta.LastChunks;

    /// <summary>The handle of a frame's zpage, or none: index B.</summary>
    public ZbudHandle User(FrameNumber frame, Buddy buddy)
    {
        ref FrameMeta meta = ref arena.Meta(frame);
        if (meta.Kind == FrameKind.Headless && buddy == Buddy.Last)
        {
            return ZbudHandle.None;
        }

        uint user = UserOf(ref meta, buddy);
        return user == 0 ? ZbudHandle.None : handles.Live(user - 1);
    }

    /// <summary>Marks a side of a frame as used by a handle's zpage, in header and meta.</summary>
    public void Occupy(FrameNumber frame, ref FrameMeta meta, Buddy buddy, int chunks, ZbudHandle handle)
    {
        Headers.SetChunks(frame, ref meta, buddy, chunks);
        UserOf(ref meta, buddy) = handle.Index + 1;
        Invariant.That(
            meta.Kind == FrameKind.Headless || meta.FirstChunks + meta.LastChunks <= Chunks.Usable,
            "zpages of a frame do not overlap",
            frame.Value);
    }

    /// <summary>Empties a side of a frame, and gives the frame back if nothing is left in it.</summary>
    public void Vacate(TaggedFrame place) => Vacate(place, ref arena.Meta(place.Frame));

    /// <summary>Empties a side of a frame whose meta the caller has at hand.</summary>
    public void Vacate(TaggedFrame place, ref FrameMeta meta)
    {
        if (meta.UnderReclaim)
        {
            // It is on no list; the reclaimer will dispose of it.
            Headers.SetChunks(place.Frame, ref meta, place.Buddy, 0);
            return;
        }

        Lists.RemoveFromList(place.Frame, ref meta);
        Headers.SetChunks(place.Frame, ref meta, place.Buddy, 0);
        if (meta.FirstChunks == 0 && meta.LastChunks == 0)
        {
            Lists.Lru.Remove(place.Frame);
            Drop(place.Frame, ref meta);
        }
        else
        {
            Lists.AddToList(place.Frame, ref meta);
        }
    }

    /// <summary>Takes a frame off all lists for a reclaimer.</summary>
    public void Isolate(FrameNumber frame, ref FrameMeta meta)
    {
        Lists.Lru.Remove(frame);
        Lists.RemoveFromList(frame, ref meta);
        meta.UnderReclaim = true;
        _underReclaim.Add(frame);
    }

    /// <summary>
    /// Takes a frame back from a reclaimer: empty, it is given back; else it is the most recent one now.
    /// </summary>
    /// <returns>Whether it was empty.</returns>
    public bool Rejoin(FrameNumber frame)
    {
        ref FrameMeta meta = ref arena.Meta(frame);
        Invariant.That(meta.UnderReclaim, "only a frame under reclaim rejoins", frame.Value);
        meta.UnderReclaim = false;
        _underReclaim.Remove(frame);
        if (meta.FirstChunks == 0 && meta.LastChunks == 0)
        {
            Drop(frame, ref meta);
            return true;
        }

        Lists.AddToList(frame, ref meta);
        Stamp(frame);
        Lists.Lru.AddHead(frame);
        return false;
    }

    /// <summary>Takes a frame from the source and makes it an empty frame of this pool, on no list.</summary>
    public bool TryAdd(FrameKind kind, out FrameNumber frame)
    {
        if (!frames.TryTake(out frame))
        {
            return false;
        }

        // Everything is reset: a recycled frame remembers nothing (a lesson of zbud's first version).
        arena.Meta(frame) = new FrameMeta { Kind = kind, Pool = number };
        Count++;
        if (kind == FrameKind.Zbud)
        {
            Headers.Reset(frame);
        }

        return true;
    }

    /// <summary>Gives an empty frame, which is on no list, back to the source.</summary>
    public void Drop(FrameNumber frame, ref FrameMeta meta)
    {
        Invariant.That(meta.Pins == 0 && !meta.UnderReclaim, "a frame that is given back is not in use", frame.Value);
        if (meta.Kind == FrameKind.Headless)
        {
            Headers.GiveCell(meta.LastHandle);
        }

        meta = default;
        Count--;
        frames.Return(frame);
    }

    /// <summary>Makes a frame the most recent one.</summary>
    public void AddToLru(FrameNumber frame, bool isNew)
    {
        Stamp(frame);
        if (isNew)
        {
            Lists.Lru.AddHead(frame);
        }
        else
        {
            Lists.BumpLru(frame);
        }
    }

    /// <summary>Makes a frame the least recent one; it must be on the LRU list.</summary>
    public void MakeOldest(FrameNumber frame)
    {
        FrameNumber oldest = Lists.Lru.Tail;
        if (oldest != frame)
        {
            FrameHeader.Of(Headers[frame]).Stamp = FrameHeader.Of(Headers[oldest]).Stamp - 1;
            Lists.ChillLru(frame);
        }
    }

    private void Stamp(FrameNumber frame) => FrameHeader.Of(Headers[frame]).Stamp = ++_clock;
}
