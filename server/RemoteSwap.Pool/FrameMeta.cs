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

    public FrameKind Kind;

    /// <summary>Whether a reclaimer has it: it is on no list, and freeing only empties its chunks.</summary>
    public bool UnderReclaim;

    /// <summary>Pins on its zpages; a pinned frame does not move and its pinned zpages keep their bytes.</summary>
    public ushort Pins;

    /// <summary>The pool that has it, so that a scanner that only has a frame finds its owner (KERNEL R18).</summary>
    public ushort Pool;
}
