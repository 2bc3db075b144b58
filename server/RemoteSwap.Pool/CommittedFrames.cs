using System.Numerics;

namespace RemoteSwap.Pool;

/// <summary>
/// Which frames of an arena the system has given memory for, and how that is given back: by segments of 2 MiB where all
/// of one is free, else by runs of free frames.
/// <para>
/// The trade-off of huge pages: zpages lie at random, so every one costs several walks of the page table unless the
/// system maps 2 MiB at once. Then the first frame of a segment commits all of it, which lowest-first makes rare; and a
/// part of a segment that is given back is not mapped any more, but free for others only when the system splits the
/// huge page, which it does when it needs memory. From then on the segment has small pages until all of it is free, or
/// the system might make a huge page again of what is left and fill the holes.
/// </para>
/// <para>State: a bit a frame, and a flag a segment. Locks: the arena's gate, but for <see cref="Count"/>.</para>
/// </summary>
internal sealed unsafe class CommittedFrames
{
    /// <summary>Frames that are given back together when all are free: those of a huge page.</summary>
    public const int SegmentFrames = VirtualMemory.HugePageBytes / FrameArena.FrameBytes;

    private const int WordBits = 64;

    private readonly byte* _frames;
    private readonly byte* _metas;
    private readonly FirstFitMap _free;
    private readonly bool _hugePages;
    private readonly ulong[] _committed;
    private readonly bool[] _small;
    private int _count;

    /// <summary>Begins with no frame committed.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="metas">What the pools know of them.</param>
    /// <param name="free">Which of them are free.</param>
    /// <param name="segments">How many segments there are.</param>
    /// <param name="hugePages">Whether the system may map 2 MiB at once where it can.</param>
    public CommittedFrames(Reservation frames, Reservation metas, FirstFitMap free, int segments, bool hugePages)
    {
        _frames = frames.Start;
        _metas = metas.Start;
        _free = free;
        _hugePages = hugePages;
        _committed = new ulong[segments * SegmentFrames / WordBits];
        _small = new bool[segments];
        if (hugePages)
        {
            frames.AllowHugePages();
            metas.AllowHugePages();
        }
    }

    /// <summary>Frames that have been touched since they were given back; needs no lock.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Notes that a frame is about to be touched.</summary>
    /// <returns>False: it is committed already, and as it was left.</returns>
    public bool TryAdd(int number)
    {
        if (IsCommitted(number))
        {
            return false;
        }

        _committed[number / WordBits] |= 1UL << (number % WordBits);
        _count++;
        return true;
    }

    /// <summary>Gives a segment back all of whose frames are free.</summary>
    /// <returns>Frames given back.</returns>
    public int GiveBackSegment(int segment)
    {
        int first = segment * SegmentFrames;
        int given = 0;
        foreach (ref ulong word in _committed.AsSpan(first / WordBits, SegmentFrames / WordBits))
        {
            given += BitOperations.PopCount(word);
            word = 0;
        }

        if (given > 0)
        {
            VirtualMemory.GiveBack(AddressOf(first), (long)SegmentFrames * FrameArena.FrameBytes);
            VirtualMemory.GiveBack(
                _metas + ((long)first * FrameMeta.Bytes), (long)SegmentFrames * FrameMeta.Bytes);
            _count -= given;
        }

        SetSmall(segment, small: false);
        return given;
    }

    /// <summary>Gives back the free frames of a segment that has others too.</summary>
    /// <returns>Frames given back that were committed.</returns>
    public int GiveBackRuns(int segment)
    {
        // With a huge page come frames that nobody has touched yet.
        bool untouchedToo = _hugePages && !_small[segment];
        SetSmall(segment, small: true);

        int given = 0;
        int end = (segment + 1) * SegmentFrames;
        for (int number = segment * SegmentFrames; number < end; number++)
        {
            int start = number;
            for (; number < end && IsFree(number) && (untouchedToo || IsCommitted(number)); number++)
            {
                given += IsCommitted(number) ? 1 : 0;
                _committed[number / WordBits] &= ~(1UL << (number % WordBits));
            }

            if (number > start)
            {
                VirtualMemory.GiveBack(AddressOf(start), (long)(number - start) * FrameArena.FrameBytes);
            }
        }

        _count -= given;
        return given;
    }

    private byte* AddressOf(int number) => _frames + ((long)number * FrameArena.FrameBytes);

    private bool IsFree(int number) => number >= _free.Capacity || _free.IsFree(number);

    private bool IsCommitted(int number) => (_committed[number / WordBits] >> (number % WordBits) & 1) != 0;

    private void SetSmall(int segment, bool small)
    {
        if (_hugePages && _small[segment] != small)
        {
            _small[segment] = small;
            VirtualMemory.AllowHugePages(
                AddressOf(segment * SegmentFrames), VirtualMemory.HugePageBytes, allow: !small);
        }
    }
}
