namespace RemoteSwap.Pool;

/// <summary>
/// A table of small cells of one size, in frames of the arena: handles, fill words, headers of headless frames. Cells
/// are taken lowest first; a frame whose cells are all free is given back.
/// <para>
/// A cell's number is (block, place in the block), the place in the low bits; blocks are found by number, so cells
/// never move. Cells are zero when taken for the first time after their block got its frame; otherwise as they were
/// left.
/// </para>
/// <para>Not thread-safe: the lock of the pool or shard that owns it guards it.</para>
/// </summary>
public sealed class CellTable
{
    // 2^31 cells: as many as frames; the map grows by doubling, so the bound costs nothing.
    private const int MaxNumberBits = 31;

    private readonly FrameArena _arena;
    private readonly IFrameSource _frames;
    private readonly int _cellBytes;
    private readonly int _cellsPerBlock;
    private readonly int _placeBits;
    private readonly FirstFitMap _freeBlocks;
    private readonly List<Block> _blocks = [];

    /// <summary>Creates an empty table.</summary>
    /// <param name="arena">Where frames are read.</param>
    /// <param name="frames">Where frames are taken from.</param>
    /// <param name="cellBytes">Bytes of a cell, 4 to 4,096.</param>
    public CellTable(FrameArena arena, IFrameSource frames, int cellBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cellBytes, sizeof(uint));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cellBytes, FrameArena.FrameBytes);
        _arena = arena;
        _frames = frames;
        _cellBytes = cellBytes;
        _cellsPerBlock = FrameArena.FrameBytes / cellBytes;
        _placeBits = int.Log2(_cellsPerBlock) + (int.IsPow2(_cellsPerBlock) ? 0 : 1);
        _freeBlocks = new FirstFitMap(1, 1 << (MaxNumberBits - _placeBits - 1));
    }

    /// <summary>Cells taken.</summary>
    public int Count { get; private set; }

    /// <summary>Frames that the table occupies.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Takes a cell.</summary>
    /// <returns>Whether there was memory for it.</returns>
    public bool TryTake(out uint cell)
    {
        cell = 0;

        // A block number is "free" while the block has a free cell; a block without a frame has only free cells.
        if (!_freeBlocks.TryTake(out int number))
        {
            return false;
        }

        if (number == _blocks.Count)
        {
            _blocks.Add(new Block(_cellsPerBlock));
        }

        Block block = _blocks[number];
        if (block.Frame == FrameNumber.None)
        {
            if (!_frames.TryTake(out FrameNumber frame))
            {
                _freeBlocks.Give(number);
                return false;
            }

            _arena[frame].Clear();
            block.Frame = frame;
            FrameCount++;
        }

        bool taken = block.Free.TryTake(out int place);
        Invariant.That(taken, "a block that is listed as free has a free cell", (ulong)number);
        block.InUse++;
        Count++;
        if (block.InUse < _cellsPerBlock)
        {
            _freeBlocks.Give(number);
        }

        cell = ((uint)number << _placeBits) | (uint)place;
        return true;
    }

    /// <summary>Gives a cell back.</summary>
    public void Give(uint cell)
    {
        int number = (int)(cell >> _placeBits);
        Block block = _blocks[number];
        block.Free.Give((int)(cell & ((1u << _placeBits) - 1)));
        Count--;
        if (block.InUse-- == _cellsPerBlock)
        {
            _freeBlocks.Give(number);
        }

        if (block.InUse == 0)
        {
            _frames.Return(block.Frame);
            block.Frame = FrameNumber.None;
            block.Era++;
            FrameCount--;
        }
    }

    /// <summary>The bytes of a cell that is taken.</summary>
    public Span<byte> this[uint cell]
    {
        get
        {
            Block block = _blocks[(int)(cell >> _placeBits)];
            int place = (int)(cell & ((1u << _placeBits) - 1));
            return _arena[block.Frame].Slice(place * _cellBytes, _cellBytes);
        }
    }

    /// <summary>The number of the cell's block.</summary>
    public int BlockOf(uint cell) => (int)(cell >> _placeBits);

    /// <summary>How often the cell's block has lost its frame, and with it what its cells remembered.</summary>
    public int Era(uint cell) => _blocks[(int)(cell >> _placeBits)].Era;

    /// <summary>Tells whether a cell is taken.</summary>
    public bool IsTaken(uint cell)
    {
        int number = (int)(cell >> _placeBits);
        int place = (int)(cell & ((1u << _placeBits) - 1));
        return number < _blocks.Count && place < _cellsPerBlock && !_blocks[number].Free.IsFree(place);
    }

    private sealed class Block(int cells)
    {
        public readonly FirstFitMap Free = new(cells, cells);
        public FrameNumber Frame = FrameNumber.None;
        public int InUse;
        public int Era;
    }
}
