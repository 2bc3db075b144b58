using System.Runtime.InteropServices;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The leaves of one slab in index A: 64 leaves of 256 entries, each leaf one frame of the arena, there only while it
/// holds an entry. A view of a cell of 388 bytes, in the arena like the leaves, so that a slab costs the collector
/// nothing and its tenant what it costs. Guarded by the shard's lock.
/// <code>
/// bytes   0 to 255   frame of each leaf + 1; 0: none
/// bytes 256 to 383   entries stored in each leaf, 0 to 256
/// bytes 384 to 387   leaves that have a frame
/// </code>
/// </summary>
internal readonly ref struct SlabLeaves
{
    public const int LeafShift = 8;
    public const int LeafEntries = 1 << LeafShift;
    public const int Leaves = Slot.SlabSlots / LeafEntries;

    /// <summary>Bytes of a cell.</summary>
    public const int Bytes = StoredOffset + (Leaves * sizeof(ushort)) + sizeof(int);

    private const int StoredOffset = Leaves * sizeof(uint);

    private readonly Span<uint> _frames;
    private readonly Span<ushort> _stored;
    private readonly ref int _leafCount;

    /// <summary>Reads a cell.</summary>
    /// <param name="cell">The cell; zeroes: a slab without leaves.</param>
    public SlabLeaves(Span<byte> cell)
    {
        _frames = MemoryMarshal.Cast<byte, uint>(cell[..StoredOffset]);
        _stored = MemoryMarshal.Cast<byte, ushort>(cell[StoredOffset..(Bytes - sizeof(int))]);
        _leafCount = ref MemoryMarshal.AsRef<int>(cell[(Bytes - sizeof(int))..]);
    }

    /// <summary>Whether no leaf has a frame; then the slab can go.</summary>
    public bool IsEmpty => _leafCount == 0;

    /// <summary>Entries stored in a leaf.</summary>
    public int Stored(int leaf) => _stored[leaf];

    /// <summary>The frame of a leaf, or none.</summary>
    public FrameNumber Frame(int leaf) => new(_frames[leaf] - 1);

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
}
