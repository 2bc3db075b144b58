using System.Runtime.InteropServices;

namespace RemoteSwap.Pool;

/// <summary>
/// From handle to the place where the zpage lies now: 6 bytes a handle, in frames of the arena. This indirection is
/// what lets a zpage move while its handle stays (zbud's unmerged migration series, 2013; zsmalloc's handles).
/// <code>
/// bytes 0 to 3   TaggedFrame: frame and buddy
/// bytes 4 to 5   generation of the handle, so that a stale handle is detected
/// </code>
/// Guarded by the pool's lock; <see cref="Prefetch"/> and <see cref="TryGuess"/> need none and promise nothing.
/// </summary>
internal sealed class HandleTable
{
    private const int CellBytes = 6;
    private const int InitialEras = 4;

    private readonly FrameArena _arena;
    private readonly CellTable _cells;
    private BlockEra[] _eras = new BlockEra[InitialEras];
    private int _retired;

    public HandleTable(FrameArena arena, IFrameSource frames)
    {
        _arena = arena;
        _cells = new CellTable(arena, frames, CellBytes);
    }

    /// <summary>Live handles.</summary>
    public int Count => _cells.Count - _retired;

    public int FrameCount => _cells.FrameCount;

    /// <summary>Takes a handle that names nothing yet.</summary>
    public bool TryTake(out ZbudHandle handle)
    {
        handle = ZbudHandle.None;
        if (!_cells.TryTake(out uint index))
        {
            return false;
        }

        BeginEra(index);
        ref Cell cell = ref At(index);
        cell.Place = new TaggedFrame(FrameNumber.None, Buddy.First);
        handle = new ZbudHandle(index, Generation(index, in cell));
        return true;
    }

    /// <summary>Gives a handle back; from now on it is stale.</summary>
    public void Give(ZbudHandle handle)
    {
        Retire(handle);
        GiveRetired(handle.Index);
    }

    /// <summary>
    /// Makes a handle stale and keeps its index from being used again, until <see cref="GiveRetired"/>: whoever has
    /// pinned its zpage may compare the handle later, and must not meet another one that looks the same.
    /// </summary>
    public void Retire(ZbudHandle handle)
    {
        Invariant.That(IsLive(handle), "a handle is given back once", handle.Value);
        ref Cell cell = ref At(handle.Index);
        cell.Generation++;
        ref BlockEra era = ref _eras[_cells.BlockOf(handle.Index)];
        era.Highest = Math.Max(era.Highest, cell.Generation);
        _retired++;
    }

    /// <summary>Gives the index of a retired handle back.</summary>
    public void GiveRetired(uint index)
    {
        _retired--;
        _cells.Give(index);
    }

    public bool IsLive(ZbudHandle handle) =>
        !handle.IsNone && _cells.IsTaken(handle.Index)
        && Generation(handle.Index, in At(handle.Index)) == handle.Generation;

    /// <summary>Tells whether an index has a live handle.</summary>
    public bool IsTaken(uint index) => _cells.IsTaken(index);

    /// <summary>Where the handle's zpage lies, if the handle is live.</summary>
    public bool TryResolve(ZbudHandle handle, out TaggedFrame place)
    {
        bool live = IsLive(handle);
        place = live ? At(handle.Index).Place : default;
        return live;
    }

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

    /// <summary>
    /// Points a handle elsewhere, if it points where the caller believes (KERNEL R9: compare and swap).
    /// </summary>
    public void Point(uint index, TaggedFrame expected, TaggedFrame place)
    {
        ref Cell cell = ref At(index);
        Invariant.That(cell.Place == expected, "a handle points where its frame says", index);
        cell.Place = place;
    }

    /// <summary>Asks the processor to fetch a handle's cell.</summary>
    public void Prefetch(ZbudHandle handle)
    {
        if (_cells.TryGuess(handle.Index, out FrameNumber frame, out int offset))
        {
            _arena.Prefetch(frame, offset, CellBytes);
        }
    }

    /// <summary>Guesses where a handle's zpage lies.</summary>
    public bool TryGuess(ZbudHandle handle, out TaggedFrame place)
    {
        place = default;
        return _cells.TryGuess(handle.Index, out FrameNumber frame, out int offset)
            && _arena.TryPeek(frame, offset, out place);
    }

    private ref Cell At(uint index) => ref _cells.At<Cell>(index);

    private ushort Generation(uint index, in Cell cell) =>
        (ushort)(_eras[_cells.BlockOf(index)].Base + cell.Generation);

    // A block that lost its frame has forgotten its cells' generations: it begins above the highest it had reached.
    private void BeginEra(uint index)
    {
        int block = _cells.BlockOf(index);
        if (block >= _eras.Length)
        {
            Array.Resize(ref _eras, block * 2);
        }

        ref BlockEra era = ref _eras[block];
        if (era.Era != _cells.Era(index))
        {
            era = new BlockEra { Era = _cells.Era(index), Base = (ushort)(era.Base + era.Highest + 1) };
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 2, Size = CellBytes)]
    private struct Cell
    {
        public TaggedFrame Place;
        public ushort Generation;
    }

    private struct BlockEra
    {
        public int Era;
        public ushort Base;
        public ushort Highest;
    }
}
