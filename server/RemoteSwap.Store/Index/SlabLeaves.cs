using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The leaves of one slab in index A: 64 leaves of 256 entries, each leaf one frame of the arena, there only while it
/// holds a page. What a cell of 400 bytes holds, in the arena like the leaves, so that a slab costs the collector
/// nothing and its tenant what it costs. Zeroes: a slab without leaves. Guarded by the shard's lock.
/// <code>
/// bytes   0 to   7   the newest generation that a slot of a leaf without a frame may have seen
/// bytes   8 to 263   frame of each leaf + 1; 0: none
/// bytes 264 to 391   pages stored in each leaf, 0 to 256
/// bytes 392 to 395   leaves that have a frame
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SlabLeaves
{
    public const int LeafShift = 8;
    public const int LeafEntries = 1 << LeafShift;
    public const int Leaves = Slot.SlabSlots / LeafEntries;

    /// <summary>Bytes of a cell.</summary>
    public const int Bytes =
        sizeof(ulong) + (Leaves * sizeof(uint)) + (Leaves * sizeof(ushort)) + sizeof(int) + PaddingBytes;

    // So that a cell's floor is aligned.
    private const int PaddingBytes = 4;

    private ulong _floor;
    private LeafFrames _frames;
    private LeafCounts _stored;
    private int _leafCount;

    /// <summary>Whether no leaf has a frame; then the slab can go.</summary>
    public readonly bool IsEmpty => _leafCount == 0;

    /// <summary>Where in a cell the frame of a leaf stands; 1 is added to it.</summary>
    public static int OffsetOf(int leaf) => sizeof(ulong) + (leaf * sizeof(uint));

    /// <summary>The newest generation that a slot of a leaf without a frame may have seen.</summary>
    public readonly Generation Floor => new(_floor);

    /// <summary>Raises the floor.</summary>
    public void Raise(Generation seen) => _floor = Math.Max(_floor, seen.Value);

    /// <summary>Pages stored in a leaf.</summary>
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
