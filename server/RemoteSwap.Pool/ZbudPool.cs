namespace RemoteSwap.Pool;

/// <summary>
/// Keeps up to two zpages in a frame of 4 KiB, as zbud does.
/// <para>
/// What it is not: a buddy allocator. It does not split or join; it pairs. What it trades: density. A frame never holds
/// more than two zpages, however small they are. What that buys: allocation in constant time, reclaim of a frame at the
/// cost of at most two zpages, a bound (never more frames than zpages, so it cannot do harm), and frames that are
/// simple enough to move, to spill as they are, and to explain themselves.
/// </para>
/// <code>
/// chunk   0        1 ...                                        ... 63
///       +--------+----------------+-----------------+-----------------+
///       | header | first zpage -> |      free       |  &lt;- last zpage  |
///       +--------+----------------+-----------------+-----------------+
///        64 bytes  left-justified   one run, always    right-justified
/// </code>
/// <para>
/// Allocate: (1) a handle, (2) the head of the smallest unbuddied list that fits, else a new frame, (3) the free side,
/// first before last, (4) header and index B, (5) the head of its list and of the LRU list, (6) point the handle.
/// Free: the side's chunks become 0; a frame without zpages goes back; the LRU list is not touched.
/// </para>
/// <para>
/// A zpage above <see cref="Chunks.MaxZpageBytes"/> takes a headless frame: the whole frame, with its header in a table
/// beside. It is on the LRU list like any other.
/// </para>
/// <para>
/// Locks: <see cref="Gate"/> guards everything here and every frame's meta and header; every member but the
/// constructor needs it held. It is the caller's lock too: RemoteSwap.Store changes its index under it, so that both
/// indexes change together (KERNEL R2). Nothing here waits, does I/O or calls back under it.
/// </para>
/// </summary>
public sealed class ZbudPool
{
    // A guessed size may be anything; a place within a frame it must be.
    private const int PlaceMask = FrameArena.FrameBytes - 1;

    private readonly FrameArena _arena;
    private readonly PinTable _pins = new();
    private readonly ushort _number;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="arena">Where frames are read and written.</param>
    /// <param name="frames">Where frames are taken from; may refuse.</param>
    /// <param name="number">The pool's number, written into every frame's meta.</param>
    /// <param name="owner">The tenant's number, written into every frame's header.</param>
    public ZbudPool(FrameArena arena, IFrameSource frames, ushort number, uint owner)
    {
        _arena = arena;
        _number = number;
        Handles = new HandleTable(arena, frames);
        Frames = new PoolFrames(arena, frames, Handles, number, owner);
    }

    /// <summary>In how many ranges of free chunks unbuddied frames are counted.</summary>
    public const int FreeRanges = (Chunks.Usable + FreePerRange - 1) / FreePerRange;

    /// <summary>Numbers of free chunks in a range; the last has two fewer.</summary>
    public const int FreePerRange = 8;

    /// <summary>Guards the pool; rank 2 in the lock order (ARCHITECTURE.md).</summary>
    public Lock Gate { get; } = new();

    /// <summary>Frames that hold zpages, those under reclaim included.</summary>
    public int FrameCount => Frames.Count;

    /// <summary>The figures of now.</summary>
    public PoolStatistics Statistics => new(
        FrameCount,
        Frames.Lists.Buddied.Count,
        Frames.Lists.Lru.Count - Frames.Lists.Buddied.Count - Frames.Lists.Headless.Count,
        Frames.Lists.Headless.Count,
        Frames.UnderReclaim.Count,
        Handles.Count,
        _pins.Count,
        Handles.FrameCount,
        Frames.Headers.FrameCount);

    /// <summary>Adds the unbuddied frames to counts by their free chunks: 1 to 8, 9 to 16, and so on.</summary>
    public void AddUnbuddied(Span<long> counts) => Frames.Lists.AddUnbuddied(counts);

    internal PoolFrames Frames { get; }

    internal HandleTable Handles { get; }

    internal FrameArena Arena => _arena;

    /// <summary>The pool's number.</summary>
    public ushort Number => _number;

    /// <summary>
    /// Allocates room for a zpage. Its bytes and its owner record are whatever was there: write both.
    /// </summary>
    /// <param name="sizeBytes">Bytes, 1 to 3,968.</param>
    /// <param name="handle">The zpage's handle.</param>
    public AllocStatus TryAllocate(int sizeBytes, out ZbudHandle handle)
    {
        AssertHeld();
        handle = ZbudHandle.None;
        if (sizeBytes <= 0)
        {
            return AllocStatus.Invalid;
        }

        if (sizeBytes > Chunks.MaxZpageBytes)
        {
            return AllocStatus.NoSpace;
        }

        // (1) The handle first: it is the part that can be undone without a trace.
        if (!Handles.TryTake(out handle))
        {
            return AllocStatus.NoHandle;
        }

        // (2) Best fit, the most recent frame of that list; else a new frame.
        int chunks = Chunks.Of(sizeBytes);
        bool isNew = !Frames.Lists.TryTakeFitting(chunks, out FrameNumber frame);
        if (isNew && !Frames.TryAdd(FrameKind.Zbud, out frame))
        {
            Handles.Give(handle);
            handle = ZbudHandle.None;
            return AllocStatus.NoMemory;
        }

        // (3) The free side.
        ref FrameMeta meta = ref _arena.Meta(frame);
        Buddy buddy = meta.FirstChunks == 0 ? Buddy.First : Buddy.Last;

        // (4) Header and index B.
        Frames.Occupy(frame, ref meta, buddy, chunks, handle);

        meta.NoteStore(_arena.Clock.Now);

        // (5) Lists.
        Frames.Lists.AddToList(frame, ref meta);
        Frames.AddToLru(frame, isNew);

        // (6) The handle.
        Handles.Point(handle.Index, new TaggedFrame(FrameNumber.None, Buddy.First), new TaggedFrame(frame, buddy));
        return AllocStatus.Ok;
    }

    /// <summary>Allocates a whole frame for a zpage that does not fit beside a header.</summary>
    public AllocStatus TryAllocateHeadless(out ZbudHandle handle)
    {
        AssertHeld();
        if (!Handles.TryTake(out handle))
        {
            return AllocStatus.NoHandle;
        }

        if (!Frames.Headers.TryTakeCell(out uint header))
        {
            Handles.Give(handle);
            handle = ZbudHandle.None;
            return AllocStatus.NoHandle;
        }

        if (!Frames.TryAdd(FrameKind.Headless, out FrameNumber frame))
        {
            Frames.Headers.GiveCell(header);
            Handles.Give(handle);
            handle = ZbudHandle.None;
            return AllocStatus.NoMemory;
        }

        ref FrameMeta meta = ref _arena.Meta(frame);
        meta.NoteStore(_arena.Clock.Now);
        meta.LastHandle = header;
        Frames.Headers.Reset(frame);
        Frames.Occupy(frame, ref meta, Buddy.First, Chunks.PerFrame, handle);
        Frames.Lists.AddToList(frame, ref meta);
        Frames.AddToLru(frame, isNew: true);
        Handles.Point(
            handle.Index,
            new TaggedFrame(FrameNumber.None, Buddy.First),
            new TaggedFrame(frame, Buddy.First));
        return AllocStatus.Ok;
    }

    /// <summary>
    /// Frees a zpage: its handle is stale from now on. The memory of a pinned zpage is released when its last pin ends.
    /// </summary>
    /// <returns>Whether the handle was live; if not, nothing happened.</returns>
    public bool Free(ZbudHandle handle)
    {
        AssertHeld();
        if (!Handles.TryResolve(handle, out TaggedFrame place))
        {
            return false;
        }

        ref FrameMeta meta = ref _arena.Meta(place.Frame);
        ref uint user = ref PoolFrames.UserOf(ref meta, place.Buddy);
        Invariant.That(user == handle.Index + 1, "a frame names the handle that points at it", handle.Value);
        user = 0;
        if (_pins.TryDefer(place))
        {
            // Stale now; but its index is not used again while somebody may still compare it.
            Handles.Retire(handle);
        }
        else
        {
            Handles.Give(handle);
            Frames.Vacate(place, ref meta);
        }

        return true;
    }

    /// <summary>Tells whether a handle names a zpage.</summary>
    public bool IsLive(ZbudHandle handle)
    {
        AssertHeld();
        return Handles.IsLive(handle);
    }

    /// <summary>
    /// The bytes of a zpage: its chunks, of which the caller knows the exact length (KERNEL R15). Valid while the lock
    /// is held, or while the zpage is pinned.
    /// </summary>
    public Span<byte> Map(ZbudHandle handle)
    {
        AssertHeld();
        return Map(Handles.Resolve(handle));
    }

    /// <summary>The bytes of a pinned zpage. Needs no lock.</summary>
    public Span<byte> Map(FramePin pin) => Map(pin.Place);

    /// <summary>The bytes of a zpage and its owner record, found together.</summary>
    public ZpageMemory Open(ZbudHandle handle)
    {
        AssertHeld();
        TaggedFrame place = Handles.Resolve(handle);
        ref FrameMeta meta = ref _arena.Meta(place.Frame);
        Span<byte> header = Frames.Headers.Of(place.Frame, in meta);
        return new ZpageMemory
        {
            Bytes = Map(place, in meta),
            OwnerRecord = FrameHeader.Record(header, place.Buddy),
            Spare = meta.Kind == FrameKind.Headless ? FrameHeader.Record(header, Buddy.Last) : default,
        };
    }

    /// <summary>Notes that a zpage is loaded: its frame has a second chance when reclaim comes.</summary>
    public void NoteLoad(ZbudHandle handle)
    {
        AssertHeld();
        _arena.Meta(Handles.Resolve(handle).Frame).NoteLoad(_arena.Clock.Now);
    }

    /// <summary>The 26 bytes in which the owner says what a zpage is. Valid while the lock is held.</summary>
    public Span<byte> OwnerRecord(ZbudHandle handle)
    {
        AssertHeld();
        TaggedFrame place = Handles.Resolve(handle);
        return FrameHeader.Record(Frames.Headers[place.Frame], place.Buddy);
    }

    /// <summary>Of a headless frame the 26 bytes that its header has to spare; else empty. Likewise.</summary>
    public Span<byte> Spare(ZbudHandle handle)
    {
        AssertHeld();
        return FrameHeader.Spare(Frames.Headers[Handles.Resolve(handle).Frame]);
    }

    /// <summary>Whether the handle's zpage has a frame of its own.</summary>
    public bool IsHeadless(ZbudHandle handle)
    {
        AssertHeld();
        return _arena.Meta(Handles.Resolve(handle).Frame).Kind == FrameKind.Headless;
    }

    /// <summary>
    /// Pins a zpage: until <see cref="Unpin"/> its bytes stay as and where they are, even if it is freed.
    /// </summary>
    public FramePin Pin(ZbudHandle handle)
    {
        AssertHeld();
        TaggedFrame place = Handles.Resolve(handle);
        ref FrameMeta meta = ref _arena.Meta(place.Frame);
        Invariant.That(meta.Pins < ushort.MaxValue, "pins of a frame are bounded", place.Frame.Value);
        meta.Pins++;
        _pins.Add(place);
        return new FramePin(place, handle);
    }

    /// <summary>Ends a pin.</summary>
    public void Unpin(FramePin pin)
    {
        AssertHeld();
        ref FrameMeta meta = ref _arena.Meta(pin.Frame);
        Invariant.That(meta.Pins > 0, "a pinned frame counts its pins", pin.Frame.Value);
        meta.Pins--;
        if (_pins.Remove(pin.Place))
        {
            Handles.GiveRetired(pin.Handle.Index);
            Frames.Vacate(pin.Place);
        }
    }

    /// <summary>
    /// Asks the processor to fetch what leads from a handle to its zpage. This and the three that follow look without
    /// the lock: they guess, and a wrong guess costs a line of cache.
    /// </summary>
    public void PrefetchHandle(ZbudHandle handle) => Handles.Prefetch(handle);

    /// <summary>Asks the processor to fetch the meta and the header of a zpage's frame.</summary>
    /// <param name="handle">The handle, whose own line should have come.</param>
    /// <param name="sizeBytes">Bytes of the zpage.</param>
    public ZpageGuess PrefetchFrame(ZbudHandle handle, int sizeBytes)
    {
        if (!Handles.TryGuess(handle, out TaggedFrame place))
        {
            return ZpageGuess.None;
        }

        _arena.PrefetchMeta(place.Frame);
        _arena.Prefetch(place.Frame, 0, FrameHeader.Bytes);
        int offset = Chunks.Offset(place.Buddy, Chunks.Of(sizeBytes)) & PlaceMask;
        return new ZpageGuess(place.Frame, offset, sizeBytes);
    }

    /// <summary>Asks the processor to fetch the meta of the neighbours that a frame has on its lists.</summary>
    /// <param name="guess">The frame, whose own meta should have come.</param>
    public void PrefetchNeighbours(in ZpageGuess guess)
    {
        if (guess.Frame.Value < (uint)_arena.MaxFrames)
        {
            ref FrameMeta meta = ref _arena.Meta(guess.Frame);
            _arena.PrefetchMeta(new FrameNumber(meta.ListPrevious));
            _arena.PrefetchMeta(new FrameNumber(meta.ListNext));
            _arena.PrefetchMeta(new FrameNumber(meta.LruPrevious));
            _arena.PrefetchMeta(new FrameNumber(meta.LruNext));
        }
    }

    /// <summary>Asks the processor to fetch a zpage.</summary>
    public void PrefetchZpage(in ZpageGuess guess) => _arena.Prefetch(guess.Frame, guess.Offset, guess.SizeBytes);

    /// <summary>Tells whether a place holds the memory of a zpage that was freed while pinned.</summary>
    internal bool IsDeferred(TaggedFrame place) => _pins.IsDeferred(place);

    /// <summary>The pins on a frame's zpages, as the pin table has them.</summary>
    internal int PinsOf(FrameNumber frame) =>
        _pins.CountOf(new TaggedFrame(frame, Buddy.First)) + _pins.CountOf(new TaggedFrame(frame, Buddy.Last));

    internal void AssertHeld() =>
        System.Diagnostics.Debug.Assert(Gate.IsHeldByCurrentThread, "the pool's lock is held");

    private Span<byte> Map(TaggedFrame place) => Map(place, in _arena.Meta(place.Frame));

    private Span<byte> Map(TaggedFrame place, ref readonly FrameMeta meta)
    {
        Span<byte> bytes = _arena[place.Frame];
        if (meta.Kind == FrameKind.Headless)
        {
            return bytes;
        }

        int chunks = PoolFrames.ChunksOf(in meta, place.Buddy);
        Invariant.That(chunks > 0, "a zpage that is read has chunks", place.Value);
        return bytes.Slice(Chunks.Offset(place.Buddy, chunks), chunks * Chunks.Bytes);
    }
}
