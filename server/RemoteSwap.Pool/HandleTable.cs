using System.Runtime.InteropServices;

namespace RemoteSwap.Pool;

/// <summary>
/// From handle to the place where the zpage lies now: 6 bytes a handle, in frames of the arena. This indirection is what
/// lets a zpage move while its handle stays (zbud's unmerged migration series, 2013; zsmalloc's handles).
/// <code>
/// bytes 0 to 3   TaggedFrame: frame and buddy
/// bytes 4 to 5   generation of the handle, so that a stale handle is detected
/// </code>
/// Guarded by the pool's lock.
/// </summary>
internal sealed class HandleTable
{
    private const int CellBytes = 6;

    // An odd stride, so that generations of a block that lost its memory do not start over.
    private const int EraStride = 4099;

    private readonly CellTable _cells;

    public HandleTable(FrameArena arena, IFrameSource frames) => _cells = new CellTable(arena, frames, CellBytes);

    public int Count => _cells.Count;

    public int FrameCount => _cells.FrameCount;

    /// <summary>Takes a handle that names nothing yet.</summary>
    public bool TryTake(out ZbudHandle handle)
    {
        handle = ZbudHandle.None;
        if (!_cells.TryTake(out uint index))
        {
            return false;
        }

        ref Cell cell = ref At(index);
        cell.Place = new TaggedFrame(FrameNumber.None, Buddy.First);
        handle = new ZbudHandle(index, Generation(index, in cell));
        return true;
    }

    /// <summary>Gives a handle back; from now on it is stale.</summary>
    public void Give(ZbudHandle handle)
    {
        Invariant.That(IsLive(handle), "a handle is given back once", handle.Value);
        At(handle.Index).Generation++;
        _cells.Give(handle.Index);
    }

    public bool IsLive(ZbudHandle handle) =>
        !handle.IsNone && _cells.IsTaken(handle.Index)
        && Generation(handle.Index, in At(handle.Index)) == handle.Generation;

    /// <summary>Tells whether an index has a live handle.</summary>
    public bool IsTaken(uint index) => _cells.IsTaken(index);

    /// <summary>Where the handle's zpage lies.</summary>
    /// <exception cref="InvariantViolationException">The handle is stale.</exception>
    public TaggedFrame Resolve(ZbudHandle handle)
    {
        Invariant.That(IsLive(handle), "a handle that is used is live", handle.Value);
        return At(handle.Index).Place;
    }

    /// <summary>The live handle of an index, as index B keeps it.</summary>
    public ZbudHandle Live(uint index)
    {
        Invariant.That(_cells.IsTaken(index), "index B names live handles", index);
        return new ZbudHandle(index, Generation(index, in At(index)));
    }

    /// <summary>Points a handle elsewhere, if it points where the caller believes (KERNEL R9: compare and swap).</summary>
    public void Point(uint index, TaggedFrame expected, TaggedFrame place)
    {
        ref Cell cell = ref At(index);
        Invariant.That(cell.Place == expected, "a handle points where its frame says", index);
        cell.Place = place;
    }

    private ref Cell At(uint index) => ref MemoryMarshal.AsRef<Cell>(_cells[index]);

    private ushort Generation(uint index, in Cell cell) =>
        (ushort)(cell.Generation + (_cells.Era(index) * EraStride));

    [StructLayout(LayoutKind.Sequential, Pack = 2, Size = CellBytes)]
    private struct Cell
    {
        public TaggedFrame Place;
        public ushort Generation;
    }
}
