using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The leaves of one slab in index A: 64 leaves of 256 entries, each leaf one frame of the arena, there only while it
/// holds an entry. What a cell of 388 bytes holds, in the arena like the leaves, so that a slab costs the collector
/// nothing and its tenant what it costs. Zeroes: a slab without leaves. Guarded by the shard's lock.
/// <code>
/// bytes   0 to 255   frame of each leaf + 1; 0: none
/// bytes 256 to 383   entries stored in each leaf, 0 to 256
/// bytes 384 to 387   leaves that have a frame
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SlabLeaves
{
    public const int LeafShift = 8;
    public const int LeafEntries = 1 << LeafShift;
    public const int Leaves = Slot.SlabSlots / LeafEntries;

    /// <summary>Bytes of a cell.</summary>
    public const int Bytes = (Leaves * sizeof(uint)) + (Leaves * sizeof(ushort)) + sizeof(int);

    private LeafFrames _frames;
    private LeafCounts _stored;
    private int _leafCount;

    /// <summary>Whether no leaf has a frame; then the slab can go.</summary>
    public readonly bool IsEmpty => _leafCount == 0;

    /// <summary>Where in a cell the frame of a leaf stands; 1 is added to it.</summary>
    public static int OffsetOf(int leaf) => leaf * sizeof(uint);

    /// <summary>Entries stored in a leaf.</summary>
    public readonly int Stored(int leaf) => _stored[leaf];

    /// <summary>The frame of a leaf, or none.</summary>
    public readonly FrameNumber Frame(int leaf) => new(_frames[leaf] - 1);

    public void AddLeaf(int leaf, FrameNumber frame)
    {
        _frames[leaf] = frame.Value + 1;
        _leafCount++;
    }

    public void EntryAdded(int leaf) => _stored[leaf]++;

    /// <summary>Notes that an entry is gone.</summary>
    /// <returns>Whether the leaf is empty now.</returns>
    public bool EntryRemoved(int leaf)
    {
        Invariant.That(_stored[leaf] > 0, "a leaf counts its entries", (ulong)leaf);
        return --_stored[leaf] == 0;
    }

    public FrameNumber RemoveLeaf(int leaf)
    {
        FrameNumber frame = Frame(leaf);
        _frames[leaf] = 0;
        _leafCount--;
        return frame;
    }

    [InlineArray(Leaves)]
    private struct LeafFrames
    {
        private uint _first;
    }

    [InlineArray(Leaves)]
    private struct LeafCounts
    {
        private ushort _first;
    }
}
