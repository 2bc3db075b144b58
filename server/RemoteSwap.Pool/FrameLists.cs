using System.Numerics;

namespace RemoteSwap.Pool;

/// <summary>
/// The lists of a pool. A frame that is not under reclaim is on the LRU list and on exactly one of these:
/// <code>
/// unbuddied[k]   one zpage, k free chunks (1 to 62)
/// buddied        two zpages, whatever slack is left
/// headless       one zpage that needs the whole frame
/// </code>
/// The LRU list is in the order in which frames last got a zpage, not in the order of loads. Guarded by the pool's
/// lock.
/// </summary>
internal sealed class FrameLists
{
    private readonly FrameArena _arena;
    private readonly FrameList<BuddyLinks>[] _unbuddied = new FrameList<BuddyLinks>[Chunks.Usable + 1];

    // Bit k: unbuddied[k] is not empty; the search for a fitting frame is one instruction.
    private ulong _occupied;

    public FrameLists(FrameArena arena)
    {
        _arena = arena;
        Lru = new FrameList<LruLinks>(arena);
        Buddied = new FrameList<BuddyLinks>(arena);
        Headless = new FrameList<BuddyLinks>(arena);
        for (int free = 0; free < _unbuddied.Length; free++)
        {
            _unbuddied[free] = new FrameList<BuddyLinks>(arena);
        }
    }

    public FrameList<LruLinks> Lru { get; }

    public FrameList<BuddyLinks> Buddied { get; }

    public FrameList<BuddyLinks> Headless { get; }

    public ReadOnlySpan<FrameList<BuddyLinks>> Unbuddied => _unbuddied;

    /// <summary>
    /// Takes the head of the smallest unbuddied list with room for so many chunks off that list: best fit.
    /// </summary>
    public bool TryTakeFitting(int chunks, out FrameNumber frame)
    {
        frame = FirstFitting(chunks);
        if (frame == FrameNumber.None)
        {
            return false;
        }

        RemoveFromList(frame, ref _arena.Meta(frame));
        return true;
    }

    /// <summary>The frame that <see cref="TryTakeFitting"/> would take, or none.</summary>
    public FrameNumber FirstFitting(int chunks)
    {
        ulong fitting = _occupied >> chunks << chunks;
        return fitting == 0 ? FrameNumber.None : _unbuddied[BitOperations.TrailingZeroCount(fitting)].Head;
    }

    /// <summary>
    /// The first unbuddied list that is not empty, from one on; 64 if there is none. The number is the free chunks.
    /// </summary>
    public int NextOccupied(int free) =>
        free > Chunks.Usable ? Chunks.PerFrame : BitOperations.TrailingZeroCount(_occupied >> free << free);

    /// <summary>Puts a frame at the head of the list that its chunks name. The LRU list is not touched.</summary>
    public void AddToList(FrameNumber frame, ref FrameMeta meta)
    {
        ListOf(ref meta, out int free).AddHead(frame, ref meta);
        if (free > 0)
        {
            _occupied |= 1UL << free;
        }
    }

    /// <summary>Takes a frame off the list that its chunks name. The LRU list is not touched.</summary>
    public void RemoveFromList(FrameNumber frame, ref FrameMeta meta)
    {
        FrameList<BuddyLinks> list = ListOf(ref meta, out int free);
        list.Remove(frame, ref meta);
        if (free > 0 && list.Count == 0)
        {
            _occupied &= ~(1UL << free);
        }
    }

    /// <summary>Moves a frame to the head of the LRU list; it must be on it.</summary>
    public void BumpLru(FrameNumber frame)
    {
        ref FrameMeta meta = ref _arena.Meta(frame);
        Lru.Remove(frame, ref meta);
        Lru.AddHead(frame, ref meta);
    }

    /// <summary>Moves a frame to the tail of the LRU list; it must be on it.</summary>
    public void ChillLru(FrameNumber frame)
    {
        Lru.Remove(frame);
        Lru.AddTail(frame);
    }

    /// <summary>Puts another frame into the places that a frame has on both its lists.</summary>
    public void Replace(FrameNumber frame, FrameNumber replacement)
    {
        ListOf(ref _arena.Meta(frame), out _).Replace(frame, replacement);
        Lru.Replace(frame, replacement);
    }

    /// <summary>Adds the unbuddied frames to counts by their free chunks, so many lists to a count.</summary>
    public void AddUnbuddied(Span<long> counts)
    {
        for (int free = 1; free < Chunks.Usable; free++)
        {
            counts[(free - 1) / ZbudPool.FreePerRange] += _unbuddied[free].Count;
        }
    }

    private FrameList<BuddyLinks> ListOf(ref FrameMeta meta, out int free)
    {
        free = 0;
        if (meta.Kind == FrameKind.Headless)
        {
            return Headless;
        }

        if (meta.FirstChunks != 0 && meta.LastChunks != 0)
        {
            return Buddied;
        }

        free = Chunks.Free(meta.FirstChunks, meta.LastChunks);
        Invariant.That(
            free is > 0 and < Chunks.Usable,
            "an unbuddied frame has one zpage and room for another",
            (ulong)free);
        return _unbuddied[free];
    }
}
