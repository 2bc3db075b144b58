using System.Runtime.InteropServices;

namespace RemoteSwap.Pool;

/// <summary>
/// What a pool knows of a frame, beside the frame: 32 bytes in an array of their own, so that walking lists does not
/// touch page memory. Guarded by the lock of the pool that has the frame. Index B (KERNEL R1) is in
/// <see cref="FirstHandle"/> and <see cref="LastHandle"/>: from a frame to its users.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FrameMeta
{
    /// <summary>Bytes of this structure.</summary>
    public const int Bytes = 32;

    /// <summary>Neighbours on the LRU list; <see cref="FrameNumber.None"/> at its ends.</summary>
    public uint LruPrevious;
    public uint LruNext;

    /// <summary>Neighbours on the unbuddied, buddied or headless list.</summary>
    public uint ListPrevious;
    public uint ListNext;

    /// <summary>Handle index + 1 of the first zpage (the only one of a headless frame); 0: none.</summary>
    public uint FirstHandle;

    /// <summary>Handle index + 1 of the last zpage; 0: none. In a headless frame: cell of its header.</summary>
    public uint LastHandle;

    /// <summary>Chunks of the first zpage; 0: free. A headless frame in use has 64.</summary>
    public byte FirstChunks;

    /// <summary>Chunks of the last zpage; 0: free.</summary>
    public byte LastChunks;

    // bits 0-1 kind, 2 under reclaim, 3 loaded since it was last looked at, 4 idle, 5-15 the clock at its last use
    private ushort _marks;

    /// <summary>Pins on its zpages; a pinned frame does not move and its pinned zpages keep their bytes.</summary>
    public ushort Pins;

    /// <summary>The pool that has it, so that a scanner that only has a frame finds its owner (KERNEL R18).</summary>
    public ushort Pool;

    private const int KindMask = 3;
    private const int UnderReclaimBit = 1 << 2;
    private const int LoadedBit = 1 << 3;
    private const int IdleBit = 1 << 4;
    private const int UseShift = 5;

    public FrameKind Kind
    {
        readonly get => (FrameKind)(_marks & KindMask);
        set => _marks = (ushort)((_marks & ~KindMask) | (int)value);
    }

    /// <summary>Whether a reclaimer has it: it is on no list, and freeing only empties its chunks.</summary>
    public bool UnderReclaim
    {
        readonly get => (_marks & UnderReclaimBit) != 0;
        set => Set(UnderReclaimBit, value);
    }

    /// <summary>Whether a zpage of it was loaded since reclaim last looked at it: it has a second chance.</summary>
    public bool IsLoaded
    {
        readonly get => (_marks & LoadedBit) != 0;
        set => Set(LoadedBit, value);
    }

    /// <summary>Whether it was marked as idle and has not been used since.</summary>
    public bool IsIdle
    {
        readonly get => (_marks & IdleBit) != 0;
        set => Set(IdleBit, value);
    }

    /// <summary>The <see cref="FrameClock"/> when a zpage of it was last stored or loaded.</summary>
    public ushort LastUse
    {
        readonly get => (ushort)(_marks >> UseShift);
        set => _marks = (ushort)((_marks & ((1 << UseShift) - 1)) | (value << UseShift));
    }

    /// <summary>Notes a load. A line of cache that says so already is left clean.</summary>
    public void NoteLoad(ushort now)
    {
        ushort marks = (ushort)((_marks & (KindMask | UnderReclaimBit)) | LoadedBit | (now << UseShift));
        if (_marks != marks)
        {
            _marks = marks;
        }
    }

    /// <summary>Notes that a zpage was stored.</summary>
    public void NoteStore(ushort now) =>
        _marks = (ushort)((_marks & (KindMask | UnderReclaimBit | LoadedBit)) | (now << UseShift));

    private void Set(int bit, bool value) => _marks = (ushort)(value ? _marks | bit : _marks & ~bit);
}
