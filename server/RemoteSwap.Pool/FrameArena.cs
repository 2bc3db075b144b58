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
/// What it is not: it knows no pools and no owners. The trade-off: small pages only, because memory is given back in 4
/// KiB units; a huge-page arena would miss the TLB less and give back less.
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

    /// <summary>Frames that are given back together when all are free: a page of meta covers 128 of them.</summary>
    private const int SegmentFrames = 256;

    private const byte Poison = 0xDB;

    private readonly Lock _gate = new();
    private readonly FirstFitMap _free;
    private readonly ulong[] _committed;
    private readonly ushort[] _segmentUse;
    private readonly bool _poison;
    private readonly Reservation _frameMemory;
    private readonly Reservation _metaMemory;
    private readonly byte* _frames;
    private readonly FrameMeta* _metas;
    private int _inUse;
    private int _committedCount;

    /// <summary>Reserves an arena. Memory is committed only as frames are touched.</summary>
    /// <param name="maxFrames">How many frames there may be, 1 to 2^31 - 1.</param>
    /// <param name="warmFrames">How many free frames may stay committed; 16 MiB by default.</param>
    /// <param name="poison">For tests: overwrite freed frames and check on reuse that nobody has written since.</param>
    public FrameArena(int maxFrames, int warmFrames = 4096, bool poison = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxFrames, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(warmFrames);
        FrameHeader.CheckLayout();
        MaxFrames = maxFrames;
        WarmFrames = warmFrames;
        _poison = poison;
        _free = new FirstFitMap(Math.Min(maxFrames, SegmentFrames), maxFrames);
        int segments = Segment(maxFrames - 1) + 1;
        _segmentUse = new ushort[segments];
        _committed = new ulong[segments * SegmentFrames / 64];
        _frameMemory = VirtualMemory.Reserve((long)segments * SegmentFrames * FrameBytes);
        _metaMemory = VirtualMemory.Reserve((long)segments * SegmentFrames * FrameMeta.Bytes);
        _frames = _frameMemory.Start;
        _metas = (FrameMeta*)_metaMemory.Start;
    }

    /// <summary>How many frames there may be.</summary>
    public int MaxFrames { get; }

    /// <summary>How many free frames may stay committed.</summary>
    public int WarmFrames { get; }

    /// <summary>Frames taken and not given back.</summary>
    public int FramesInUse => Volatile.Read(ref _inUse);

    /// <summary>Frames that the system has given memory for, in use or warm.</summary>
    public int FramesCommitted => Volatile.Read(ref _committedCount);

    /// <summary>The bytes of a frame.</summary>
    public Span<byte> this[FrameNumber frame]
    {
        get
        {
            Invariant.That(frame.Value < (uint)MaxFrames, "a frame number is within the arena", frame.Value);
            return new Span<byte>(_frames + ((long)frame.Value * FrameBytes), FrameBytes);
        }
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

    /// <inheritdoc/>
    public bool TryTake(out FrameNumber frame)
    {
        bool warm;
        lock (_gate)
        {
            if (!_free.TryTake(out int number))
            {
                frame = FrameNumber.None;
                return false;
            }

            frame = new FrameNumber((uint)number);
            _segmentUse[Segment(number)]++;
            _inUse++;
            warm = IsCommitted(number);
            if (!warm)
            {
                _committed[number / 64] |= 1UL << (number % 64);
                _committedCount++;
            }
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
            if (--_segmentUse[segment] == 0 && _committedCount - _inUse > WarmFrames)
            {
                GiveBackSegment(segment);
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
        for (int segment = _segmentUse.Length - 1; segment >= 0; segment--)
        {
            // One segment a lock hold: takers wait for one walk of 256 bits at most.
            lock (_gate)
            {
                if (_committedCount - _inUse <= keepWarm)
                {
                    break;
                }

                given += _segmentUse[segment] == 0 ? GiveBackSegment(segment) : GiveBackRuns(segment);
            }
        }

        return given;
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

    /// <summary>
    /// Gives all memory back at once. The address space follows when nothing refers to the arena any more.
    /// </summary>
    public void Dispose()
    {
        _frameMemory.GiveBack();
        _metaMemory.GiveBack();
    }

    private static int Segment(int frame) => frame / SegmentFrames;

    private bool IsCommitted(int number) => (_committed[number / 64] >> (number % 64) & 1) != 0;

    private int GiveBackSegment(int segment)
    {
        int first = segment * SegmentFrames;
        int given = 0;
        foreach (ref ulong word in _committed.AsSpan(first / 64, SegmentFrames / 64))
        {
            given += System.Numerics.BitOperations.PopCount(word);
            word = 0;
        }

        if (given > 0)
        {
            VirtualMemory.GiveBack(_frames + ((long)first * FrameBytes), (long)SegmentFrames * FrameBytes);
            VirtualMemory.GiveBack((byte*)(_metas + first), (long)SegmentFrames * FrameMeta.Bytes);
            _committedCount -= given;
        }

        return given;
    }

    private int GiveBackRuns(int segment)
    {
        int given = 0;
        int end = Math.Min((segment + 1) * SegmentFrames, _free.Capacity);
        for (int number = segment * SegmentFrames; number < end; number++)
        {
            int start = number;
            while (number < end && IsCommitted(number) && _free.IsFree(number))
            {
                _committed[number / 64] &= ~(1UL << (number % 64));
                number++;
            }

            if (number > start)
            {
                VirtualMemory.GiveBack(_frames + ((long)start * FrameBytes), (long)(number - start) * FrameBytes);
                given += number - start;
            }
        }

        _committedCount -= given;
        return given;
    }
}
