namespace RemoteSwap.Pool;

/// <summary>
/// Keeps up to two zpages in a frame of 4 KiB, as zbud does.
/// <para>
/// What it is not: a buddy allocator. It does not split or join; it pairs. What it trades: density. A frame never holds
/// more than two zpages, however small they are. What that buys: allocation in constant time, reclaim of a frame at the
/// cost of at most two zpages, a bound (never more frames than zpages, so it cannot do harm), and frames that are simple
/// enough to move, to spill as they are, and to explain themselves.
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
    private readonly FrameArena _arena;
    private readonly IFrameSource _frames;
    private readonly CellTable _headlessHeaders;
    private readonly PinTable _pins = new();
    private readonly uint _owner;
    private readonly ushort _number;
    private readonly HashSet<FrameNumber> _underReclaim = [];

    /// <summary>Creates an empty pool.</summary>
    /// <param name="arena">Where frames are read and written.</param>
    /// <param name="frames">Where frames are taken from; may refuse.</param>
    /// <param name="number">The pool's number, written into every frame's meta.</param>
    /// <param name="owner">The tenant's number, written into every frame's header.</param>
    public ZbudPool(FrameArena arena, IFrameSource frames, ushort number, uint owner)
    {
        _arena = arena;
        _frames = frames;
        _number = number;
        _owner = owner;
        Lists = new FrameLists(arena);
        Handles = new HandleTable(arena, frames);
        _headlessHeaders = new CellTable(arena, frames, FrameHeader.Bytes);
    }

    /// <summary>Guards the pool; rank 2 in the lock order (ARCHITECTURE.md).</summary>
    public Lock Gate { get; } = new();

    /// <summary>Frames that hold zpages, those under reclaim included.</summary>
    public int FrameCount { get; private set; }

    /// <summary>The figures of now.</summary>
    public PoolStatistics Statistics => new(
        FrameCount,
        Lists.Buddied.Count,
        Lists.Lru.Count - Lists.Buddied.Count - Lists.Headless.Count,
        Lists.Headless.Count,
        _underReclaim.Count,
        Handles.Count,
        _pins.Count,
        Handles.FrameCount + _headlessHeaders.FrameCount);

    internal FrameLists Lists { get; }

    internal HandleTable Handles { get; }

    internal FrameArena Arena => _arena;

    internal IReadOnlyCollection<FrameNumber> UnderReclaim => _underReclaim;

    /// <summary>The pool's number.</summary>
    public ushort Number => _number;

    internal uint Owner => _owner;

    /// <summary>Allocates room for a zpage. Its bytes and its owner record are whatever was there: write both.</summary>
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
        bool isNew = !Lists.TryTakeFitting(chunks, out FrameNumber frame);
        if (isNew && !TryAddFrame(FrameKind.Zbud, out frame))
        {
            Handles.Give(handle);
            handle = ZbudHandle.None;
            return AllocStatus.NoMemory;
        }

        // (3) The free side.
        ref FrameMeta meta = ref _arena.Meta(frame);
        Buddy buddy = meta.FirstChunks == 0 ? Buddy.First : Buddy.Last;

        // (4) Header and index B.
        Occupy(frame, ref meta, buddy, chunks, handle);

        // (5) Lists.
        Lists.AddToList(frame, ref meta);
        AddToLru(frame, isNew);

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

        if (!_headlessHeaders.TryTake(out uint header))
        {
            Handles.Give(handle);
            handle = ZbudHandle.None;
            return AllocStatus.NoHandle;
        }

        if (!TryAddFrame(FrameKind.Headless, out FrameNumber frame))
        {
            _headlessHeaders.Give(header);
            Handles.Give(handle);
            handle = ZbudHandle.None;
            return AllocStatus.NoMemory;
        }

        ref FrameMeta meta = ref _arena.Meta(frame);
        meta.LastHandle = header;
        WriteEmptyHeader(frame, FrameKind.Headless);
        Occupy(frame, ref meta, Buddy.First, Chunks.PerFrame, handle);
        Lists.AddToList(frame, ref meta);
        AddToLru(frame, isNew: true);
        Handles.Point(handle.Index, new TaggedFrame(FrameNumber.None, Buddy.First), new TaggedFrame(frame, Buddy.First));
        return AllocStatus.Ok;
    }

    /// <summary>
    /// Frees a zpage: its handle is stale from now on. The memory of a pinned zpage is released when its last pin ends.
    /// </summary>
    /// <returns>Whether the handle was live; if not, nothing happened.</returns>
    public bool Free(ZbudHandle handle)
    {
        AssertHeld();
        if (!Handles.IsLive(handle))
        {
            return false;
        }

        TaggedFrame place = Handles.Resolve(handle);
        ref uint user = ref UserOf(ref _arena.Meta(place.Frame), place.Buddy);
        Invariant.That(user == handle.Index + 1, "a frame names the handle that points at it", handle.Value);
        user = 0;
        Handles.Give(handle);
        if (!_pins.TryDefer(place))
        {
            Vacate(place);
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
    /// The bytes of a zpage: its chunks, of which the caller knows the exact length (KERNEL R15). Valid while the lock is
    /// held, or while the zpage is pinned.
    /// </summary>
    public Span<byte> Map(ZbudHandle handle)
    {
        AssertHeld();
        return Map(Handles.Resolve(handle));
    }

    /// <summary>The bytes of a pinned zpage. Needs no lock.</summary>
    public Span<byte> Map(FramePin pin) => Map(pin.Place);

    /// <summary>The 26 bytes in which the owner says what a zpage is. Valid while the lock is held.</summary>
    public Span<byte> OwnerRecord(ZbudHandle handle)
    {
        AssertHeld();
        TaggedFrame place = Handles.Resolve(handle);
        return FrameHeader.Record(Header(place.Frame), place.Buddy);
    }

    /// <summary>Whether the handle's zpage has a frame of its own.</summary>
    public bool IsHeadless(ZbudHandle handle)
    {
        AssertHeld();
        return _arena.Meta(Handles.Resolve(handle).Frame).Kind == FrameKind.Headless;
    }

    /// <summary>Pins a zpage: until <see cref="Unpin"/> its bytes stay as and where they are, even if it is freed.</summary>
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
            Vacate(pin.Place);
        }
    }

    /// <summary>Tells whether a place holds the memory of a zpage that was freed while pinned.</summary>
    internal bool IsDeferred(TaggedFrame place) => _pins.IsDeferred(place);

    /// <summary>The pins on a frame's zpages, as the pin table has them.</summary>
    internal int PinsOf(FrameNumber frame) =>
        _pins.CountOf(new TaggedFrame(frame, Buddy.First)) + _pins.CountOf(new TaggedFrame(frame, Buddy.Last));

    /// <summary>A frame's header, wherever it lies.</summary>
    internal Span<byte> Header(FrameNumber frame)
    {
        ref FrameMeta meta = ref _arena.Meta(frame);
        return meta.Kind == FrameKind.Headless ? _headlessHeaders[meta.LastHandle] : _arena[frame][..FrameHeader.Bytes];
    }

    /// <summary>The handle of a frame's zpage, or none: index B.</summary>
    internal ZbudHandle User(FrameNumber frame, Buddy buddy)
    {
        ref FrameMeta meta = ref _arena.Meta(frame);
        if (meta.Kind == FrameKind.Headless && buddy == Buddy.Last)
        {
            return ZbudHandle.None;
        }

        uint user = UserOf(ref meta, buddy);
        return user == 0 ? ZbudHandle.None : Handles.Live(user - 1);
    }

    /// <summary>Marks a side of a frame as used by a handle's zpage, in header and meta.</summary>
    internal void Occupy(FrameNumber frame, ref FrameMeta meta, Buddy buddy, int chunks, ZbudHandle handle)
    {
        SetChunks(frame, ref meta, buddy, chunks);
        UserOf(ref meta, buddy) = handle.Index + 1;
        Invariant.That(
            meta.Kind == FrameKind.Headless || meta.FirstChunks + meta.LastChunks <= Chunks.Usable,
            "zpages of a frame do not overlap",
            frame.Value);
    }

    /// <summary>Empties a side of a frame, and gives the frame back if nothing is left in it.</summary>
    internal void Vacate(TaggedFrame place)
    {
        ref FrameMeta meta = ref _arena.Meta(place.Frame);
        if (meta.UnderReclaim)
        {
            // It is on no list; the reclaimer will dispose of it.
            SetChunks(place.Frame, ref meta, place.Buddy, 0);
            return;
        }

        Lists.RemoveFromList(place.Frame, ref meta);
        SetChunks(place.Frame, ref meta, place.Buddy, 0);
        if (meta.FirstChunks == 0 && meta.LastChunks == 0)
        {
            Lists.Lru.Remove(place.Frame);
            DropFrame(place.Frame, ref meta);
        }
        else
        {
            Lists.AddToList(place.Frame, ref meta);
        }
    }

    /// <summary>Takes a frame off all lists for a reclaimer.</summary>
    internal void Isolate(FrameNumber frame, ref FrameMeta meta)
    {
        Lists.Lru.Remove(frame);
        Lists.RemoveFromList(frame, ref meta);
        meta.UnderReclaim = true;
        _underReclaim.Add(frame);
    }

    /// <summary>Takes a frame back from a reclaimer: empty, it is given back; else it is the most recent one now.</summary>
    /// <returns>Whether it was empty.</returns>
    internal bool Rejoin(FrameNumber frame)
    {
        ref FrameMeta meta = ref _arena.Meta(frame);
        Invariant.That(meta.UnderReclaim, "only a frame under reclaim rejoins", frame.Value);
        meta.UnderReclaim = false;
        _underReclaim.Remove(frame);
        if (meta.FirstChunks == 0 && meta.LastChunks == 0)
        {
            DropFrame(frame, ref meta);
            return true;
        }

        Lists.AddToList(frame, ref meta);
        Lists.Lru.AddHead(frame);
        return false;
    }

    /// <summary>Takes a frame from the source and makes it an empty frame of this pool, on no list.</summary>
    internal bool TryAddFrame(FrameKind kind, out FrameNumber frame)
    {
        if (!_frames.TryTake(out frame))
        {
            return false;
        }

        // Everything is reset: a recycled frame remembers nothing (a lesson of zbud's first version).
        _arena.Meta(frame) = new FrameMeta { Kind = kind, Pool = _number };
        FrameCount++;
        if (kind == FrameKind.Zbud)
        {
            WriteEmptyHeader(frame, kind);
        }

        return true;
    }

    /// <summary>Gives an empty frame, which is on no list, back to the source.</summary>
    internal void DropFrame(FrameNumber frame, ref FrameMeta meta)
    {
        Invariant.That(meta.Pins == 0 && !meta.UnderReclaim, "a frame that is given back is not in use", frame.Value);
        if (meta.Kind == FrameKind.Headless)
        {
            _headlessHeaders.Give(meta.LastHandle);
        }

        meta = default;
        FrameCount--;
        _frames.Return(frame);
    }

    internal static ref uint UserOf(ref FrameMeta meta, Buddy buddy)
    {
        if (buddy == Buddy.First)
        {
            return ref meta.FirstHandle;
        }

        return ref meta.LastHandle;
    }

    internal static byte ChunksOf(in FrameMeta meta, Buddy buddy) =>
        buddy == Buddy.First ? meta.FirstChunks : meta.LastChunks;

    internal void AssertHeld() =>
        System.Diagnostics.Debug.Assert(Gate.IsHeldByCurrentThread, "the pool's lock is held");

    private Span<byte> Map(TaggedFrame place)
    {
        ref FrameMeta meta = ref _arena.Meta(place.Frame);
        Span<byte> bytes = _arena[place.Frame];
        if (meta.Kind == FrameKind.Headless)
        {
            return bytes;
        }

        int chunks = ChunksOf(in meta, place.Buddy);
        Invariant.That(chunks > 0, "a zpage that is read has chunks", place.Value);
        return bytes.Slice(Chunks.Offset(place.Buddy, chunks), chunks * Chunks.Bytes);
    }

    private void AddToLru(FrameNumber frame, bool isNew)
    {
        if (isNew)
        {
            Lists.Lru.AddHead(frame);
        }
        else
        {
            Lists.BumpLru(frame);
        }
    }

    private void SetChunks(FrameNumber frame, ref FrameMeta meta, Buddy buddy, int chunks)
    {
        ref FrameHeader header = ref FrameHeader.Of(Header(frame));
        if (buddy == Buddy.First)
        {
            meta.FirstChunks = header.FirstChunks = (byte)chunks;
        }
        else
        {
            meta.LastChunks = header.LastChunks = (byte)chunks;
        }
    }

    private void WriteEmptyHeader(FrameNumber frame, FrameKind kind)
    {
        Span<byte> chunk = Header(frame);
        chunk.Clear();
        ref FrameHeader header = ref FrameHeader.Of(chunk);
        header.Version = FrameHeader.CurrentVersion;
        header.Kind = kind;
        header.Owner = _owner;
    }
}
