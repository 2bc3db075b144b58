using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RemoteSwap.Pool;

/// <summary>
/// All frames of a server: one reserved run of 4 KiB frames outside the garbage-collected heap, and beside it one run
/// of 32 bytes of <see cref="FrameMeta"/> a frame. Index leaves and handle tables are made of frames too, so that there
/// is one budget and one account for all memory that grows with the number of pages.
/// <para>
/// Memory is committed by touching it. Free frames are handed out lowest first, so that frames in use gather at the low
/// end. A free frame stays committed ("warm") for the next taker; <see cref="Trim"/>, and every return while more than
/// <see cref="WarmFrames"/> frames are warm, give memory back to the system.
/// </para>
/// <para>
/// What it is not: it knows no pools and no owners, and what the system maps is
/// <see cref="CommittedFrames"/>'s business.
/// </para>
/// <para>
/// Locks: <c>_gate</c> guards the maps and counts; it is a leaf lock (nothing is called under it but madvise). The
/// bytes of a frame and its meta belong to whoever took the frame.
/// </para>
/// </summary>
public sealed unsafe class FrameArena : IFrameSource, IDisposable
{
    /// <summary>Bytes of a frame.</summary>
    public const int FrameBytes = 4096;

    /// <summary>Frames of a segment: those of a huge page, which are given back together.</summary>
    public const int SegmentFrames = CommittedFrames.SegmentFrames;

    private const byte Poison = 0xDB;

    // Free frames that a move leaves to stores: more than all threads take at a moment.
    private const int MaxSpareFrames = 64;
    private const int SparePart = 64;

    // What a processor fetches at once.
    private const int LineBytes = 64;

    private readonly Lock _gate = new();
    private readonly FirstFitMap _free;
    private readonly CommittedFrames _committed;
    private readonly ushort[] _segmentUse;
    private readonly bool _poison;
    private readonly int _spareFrames;
    private readonly Reservation _frameMemory;
    private readonly Reservation _metaMemory;
    private readonly byte* _frames;
    private readonly FrameMeta* _metas;
    private int _inUse;
    private int _segmentsInUse;

    /// <summary>Reserves an arena. Memory is committed only as frames are touched.</summary>
    /// <param name="maxFrames">How many frames there may be, 1 to 2^31 - 1.</param>
    /// <param name="warmFrames">How many free frames may stay committed; 16 MiB by default.</param>
    /// <param name="poison">For tests: overwrite freed frames and check on reuse that nobody has written since.</param>
    /// <param name="hugePages">Whether the system may map 2 MiB at once where it can.</param>
    public FrameArena(int maxFrames, int warmFrames = 4096, bool poison = false, bool hugePages = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFrames, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(warmFrames);
        FrameHeader.CheckLayout();
        MaxFrames = maxFrames;
        WarmFrames = warmFrames;
        _spareFrames = Math.Clamp(maxFrames / SparePart, 1, MaxSpareFrames);
        _poison = poison;
        _free = new FirstFitMap(Math.Min(maxFrames, SegmentFrames), maxFrames);
        int segments = Segment(maxFrames - 1) + 1;
        _segmentUse = new ushort[segments];
        _frameMemory = VirtualMemory.Reserve((long)segments * SegmentFrames * FrameBytes);
        _metaMemory = VirtualMemory.Reserve((long)segments * SegmentFrames * FrameMeta.Bytes);
        _frames = _frameMemory.Start;
        _metas = (FrameMeta*)_metaMemory.Start;
        _committed = new CommittedFrames(_frameMemory, _metaMemory, _free, segments, hugePages);
    }

    /// <summary>What the time of last use of a frame is taken from.</summary>
    public FrameClock Clock { get; } = new();

    /// <summary>How many frames there may be.</summary>
    public int MaxFrames { get; }

    /// <summary>How many free frames may stay committed.</summary>
    public int WarmFrames { get; }

    /// <summary>Frames taken and not given back.</summary>
    public int FramesInUse => Volatile.Read(ref _inUse);

    /// <summary>Segments of 512 frames that have one in use.</summary>
    public int SegmentsInUse => Volatile.Read(ref _segmentsInUse);

    /// <summary>Frames that the system has given memory for, in use or warm.</summary>
    public int FramesCommitted => _committed.Count;

    /// <summary>The bytes of a frame.</summary>
    public Span<byte> this[FrameNumber frame]
    {
        get
        {
            Invariant.That(frame.Value < (uint)MaxFrames, "a frame number is within the arena", frame.Value);
            return new Span<byte>(_frames + ((long)frame.Value * FrameBytes), FrameBytes);
        }
    }

    /// <summary>A value within a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="offset">Where it begins, in bytes; the value lies within the frame.</param>
    public ref T At<T>(FrameNumber frame, int offset)
        where T : unmanaged
    {
        Invariant.That(frame.Value < (uint)MaxFrames, "a frame number is within the arena", frame.Value);
        Invariant.That((uint)offset <= (uint)(FrameBytes - sizeof(T)), "a value lies within its frame", (ulong)offset);
        return ref Unsafe.AsRef<T>(_frames + ((long)frame.Value * FrameBytes) + offset);
    }

    /// <summary>What a pool knows of a frame.</summary>
    internal ref FrameMeta Meta(FrameNumber frame)
    {
        Invariant.That(frame.Value < (uint)MaxFrames, "a frame number is within the arena", frame.Value);
        return ref _metas[frame.Value];
    }

    /// <summary>
    /// The number of the pool that has a frame, 0 if none has: a hint, true for sure only under that pool's lock.
    /// </summary>
    public ushort PoolOf(FrameNumber frame) => Volatile.Read(ref Meta(frame).Pool);

    /// <summary>
    /// Whether any frame of a run within one segment may be in use: a hint, for walks that pass over what is empty.
    /// </summary>
    public bool IsUsed(uint first, int count) => Volatile.Read(ref _segmentUse[Segment((int)first)]) != 0
        || Segment((int)first) != Segment((int)first + count - 1);

    /// <summary>
    /// Asks the processor to fetch some bytes of a frame, and waits for nothing. Needs no lock; a frame that is not
    /// there, or another's by now, does no harm.
    /// </summary>
    /// <param name="frame">The frame; any number.</param>
    /// <param name="offset">The first byte, 0 to 4,095.</param>
    /// <param name="bytes">How many bytes; the frame's end ends them.</param>
    public void Prefetch(FrameNumber frame, int offset, int bytes)
    {
        if (!Sse.IsSupported || frame.Value >= (uint)MaxFrames)
        {
            return;
        }

        byte* start = _frames + ((long)frame.Value * FrameBytes);
        int end = Math.Min(offset + bytes, FrameBytes);
        for (int line = offset & -LineBytes; line < end; line += LineBytes)
        {
            Sse.Prefetch0(start + line);
        }
    }

    /// <summary>
    /// Reads bytes of a frame without the lock that guards them: they may be torn, out of date or another's. For a
    /// guess of what to prefetch, and for nothing else.
    /// </summary>
    /// <returns>Whether there is such a place in the arena.</returns>
    public bool TryPeek<T>(FrameNumber frame, int offset, out T value)
        where T : unmanaged
    {
        if (frame.Value >= (uint)MaxFrames || (uint)offset > (uint)(FrameBytes - sizeof(T)))
        {
            value = default;
            return false;
        }

        value = Unsafe.ReadUnaligned<T>(_frames + ((long)frame.Value * FrameBytes) + offset);
        return true;
    }

    /// <summary>Asks the processor to fetch what a pool knows of a frame.</summary>
    internal void PrefetchMeta(FrameNumber frame)
    {
        if (Sse.IsSupported && frame.Value < (uint)MaxFrames)
        {
            Sse.Prefetch0(_metas + frame.Value);
        }
    }

    /// <inheritdoc/>
    public bool TryTake(out FrameNumber frame) => TryTake(keep: 0, out frame);

    /// <summary>
    /// Takes a frame that is borrowed for a moment and charged to nobody, as a move needs one: only if so many are left
    /// that no store, whose frame is charged already, finds none meanwhile.
    /// </summary>
    public bool TryTakeSpare(out FrameNumber frame) => TryTake(_spareFrames, out frame);

    private bool TryTake(int keep, out FrameNumber frame)
    {
        bool warm;
        lock (_gate)
        {
            int number = 0;
            if (MaxFrames - _inUse <= keep || !_free.TryTake(out number))
            {
                frame = FrameNumber.None;
                return false;
            }

            frame = new FrameNumber((uint)number);
            _segmentsInUse += _segmentUse[Segment(number)]++ == 0 ? 1 : 0;
            _inUse++;
            warm = !_committed.TryAdd(number);
        }

        if (_poison && warm)
        {
            Invariant.That(this[frame].IndexOfAnyExcept(Poison) < 0, "nobody writes to a freed frame", frame.Value);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Return(FrameNumber frame)
    {
        if (_poison)
        {
            this[frame].Fill(Poison);
        }

        lock (_gate)
        {
            int number = (int)frame.Value;
            _free.Give(number);
            _metas[number] = default;
            _inUse--;
            int segment = Segment(number);
            if (--_segmentUse[segment] > 0)
            {
                return;
            }

            _segmentsInUse--;
            if (_committed.Count - _inUse > WarmFrames)
            {
                _committed.GiveBackSegment(segment);
            }
        }
    }

    /// <summary>
    /// Gives free committed frames back to the system, the highest first, until no more than
    /// <paramref name="keepWarm"/> are left. For a background task: it makes a system call for each run of free frames.
    /// </summary>
    /// <returns>Frames given back.</returns>
    public int Trim(int keepWarm)
    {
        int given = 0;
        int segment = int.MaxValue;
        while (TryTrimBelow(ref segment, keepWarm, out int frames))
        {
            given += frames;
        }

        return given;
    }

    /// <summary>
    /// A step of <see cref="Trim"/>, for a task that lets takers have their turn in between: gives back what is free of
    /// one segment, the highest that has something to give.
    /// </summary>
    /// <param name="segment">Only those below; then the one that gave.</param>
    /// <param name="keepWarm">Free committed frames that are to be left.</param>
    /// <param name="given">Frames given back.</param>
    /// <returns>Whether any were; if not, there is nothing left to give.</returns>
    public bool TryTrimBelow(ref int segment, int keepWarm, out int given)
    {
        given = 0;
        segment = Math.Min(segment, _segmentUse.Length);
        while (given == 0 && --segment >= 0)
        {
            // One segment a lock hold: takers wait for one walk of 512 bits, and 256 calls of the system at most.
            lock (_gate)
            {
                if (_committed.Count - _inUse <= keepWarm)
                {
                    return false;
                }

                given = _segmentUse[segment] == 0
                    ? _committed.GiveBackSegment(segment)
                    : _committed.GiveBackRuns(segment);
            }
        }

        return given > 0;
    }

    /// <summary>Finds the highest frame in use below a place; for a task that empties the arena's high end.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryFindInUseBelow(uint limit, out FrameNumber frame)
    {
        lock (_gate)
        {
            int number = (int)Math.Min(limit, (uint)_free.Capacity) - 1;
            while (number >= 0)
            {
                if (_segmentUse[Segment(number)] == 0)
                {
                    number = (Segment(number) * SegmentFrames) - 1;
                }
                else if (_free.IsFree(number))
                {
                    number--;
                }
                else
                {
                    frame = new FrameNumber((uint)number);
                    return true;
                }
            }
        }

        frame = FrameNumber.None;
        return false;
    }

    /// <summary>Tells which frames of a run are in use; for a map of them.</summary>
    /// <param name="first">The first frame; the run lies within the arena.</param>
    /// <param name="used">An element a frame, at most <see cref="SegmentFrames"/>: one hold of the lock.</param>
    public void ReadUse(uint first, Span<bool> used)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(used.Length, SegmentFrames);
        lock (_gate)
        {
            for (int frame = 0; frame < used.Length; frame++)
            {
                int number = (int)first + frame;
                used[frame] = number < _free.Capacity && !_free.IsFree(number);
            }
        }
    }

    /// <summary>
    /// Gives all memory back at once. The address space follows when nothing refers to the arena any more.
    /// </summary>
    public void Dispose()
    {
        _frameMemory.GiveBack();
        _metaMemory.GiveBack();
    }

    private static int Segment(int frame) => frame / SegmentFrames;
}
