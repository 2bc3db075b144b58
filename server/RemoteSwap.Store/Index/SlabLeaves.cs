using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The leaves of one slab in index A: 64 leaves of 256 entries, each leaf one frame of the arena, there only while it
/// holds an entry. One managed object for 64 MiB of an area. Guarded by the shard's lock.
/// </summary>
internal sealed class SlabLeaves
{
    public const int LeafShift = 8;
    public const int LeafEntries = 1 << LeafShift;
    public const int Leaves = Slot.SlabSlots / LeafEntries;

    private readonly FrameNumber[] _frames = new FrameNumber[Leaves];
    private readonly ushort[] _stored = new ushort[Leaves];

    public SlabLeaves() => Array.Fill(_frames, FrameNumber.None);

    /// <summary>Leaves that have a frame; without any the slab can go.</summary>
    public int LeafCount { get; private set; }

    /// <summary>Entries stored in a leaf.</summary>
    public int Stored(int leaf) => _stored[leaf];

    public FrameNumber Frame(int leaf) => _frames[leaf];

    public void AddLeaf(int leaf, FrameNumber frame)
    {
        _frames[leaf] = frame;
        LeafCount++;
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
        FrameNumber frame = _frames[leaf];
        _frames[leaf] = FrameNumber.None;
        LeafCount--;
        return frame;
    }
}
