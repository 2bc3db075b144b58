using System.Numerics;

namespace RemoteSwap.Pool;

/// <summary>
/// A table of small cells of one size, in frames of the arena: handles, fill words, headers of headless frames. Cells
/// are taken lowest first; a frame whose cells are all free is given back.
/// <para>
/// A cell's number is (block, place in the block), the place in the low bits; blocks are found by number, so cells
/// never move. Cells are zero when taken for the first time after their block got its frame; otherwise as they were
/// left.
/// </para>
/// <para>
/// What is known of a block lies in two flat arrays, 12 bytes and a bit a cell, so that finding a cell misses the cache
/// once for its block and once for the cell.
/// </para>
/// <para>
/// Not thread-safe: the lock of the pool or shard that owns it guards it. <see cref="TryGuess"/> needs no lock and
/// promises nothing.
/// </para>
/// </summary>
public sealed class CellTable
{
    // 2^31 cells: as many as frames; the map grows by doubling, so the bound costs nothing.
    private const int MaxNumberBits = 31;
    private const int InitialBlocks = 4;
    private const int WordShift = 6;
    private const int WordMask = 63;

    private readonly FrameArena _arena;
    private readonly IFrameSource _frames;
    private readonly int _cellBytes;
    private readonly int _cellsPerBlock;
    private readonly int _wordsPerBlock;
    private readonly int _placeBits;
    private readonly FirstFitMap _freeBlocks;
    private Block[] _blocks = new Block[InitialBlocks];

    // Of each block as many words as its cells need; a set bit is a free cell.
    private ulong[] _freeCells;
    private int _blockCount;

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
        _wordsPerBlock = (_cellsPerBlock + WordMask) >> WordShift;
        _placeBits = int.Log2(_cellsPerBlock) + (int.IsPow2(_cellsPerBlock) ? 0 : 1);
        _freeBlocks = new FirstFitMap(1, 1 << (MaxNumberBits - _placeBits - 1));
        _freeCells = new ulong[InitialBlocks * _wordsPerBlock];
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
        if (!_freeBlocks.TryFind(out int number))
        {
            return false;
        }

        if (number == _blockCount)
        {
            AddBlock();
        }

        ref Block block = ref _blocks[number];
        if (block.Frame == FrameNumber.None && !TryGiveFrame(ref block))
        {
            return false;
        }

        int place = TakeLowest(number);
        Count++;
        if (++block.InUse == _cellsPerBlock)
        {
            _freeBlocks.Take(number);
        }

        cell = ((uint)number << _placeBits) | (uint)place;
        return true;
    }

    /// <summary>Gives a cell back.</summary>
    public void Give(uint cell)
    {
        int number = BlockOf(cell);
        int place = PlaceOf(cell);
        ref Block block = ref _blocks[number];
        ref ulong word = ref _freeCells[(number * _wordsPerBlock) + (place >> WordShift)];
        ulong bit = 1UL << (place & WordMask);
        Invariant.That((word & bit) == 0, "a cell is given back once", cell);
        word |= bit;
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
    public Span<byte> this[uint cell] =>
        _arena[_blocks[BlockOf(cell)].Frame].Slice(PlaceOf(cell) * _cellBytes, _cellBytes);

    /// <summary>The value at the start of a cell that is taken.</summary>
    public ref T At<T>(uint cell)
        where T : unmanaged => ref _arena.At<T>(_blocks[BlockOf(cell)].Frame, PlaceOf(cell) * _cellBytes);

    /// <summary>The number of the cell's block.</summary>
    public int BlockOf(uint cell) => (int)(cell >> _placeBits);

    /// <summary>How often the cell's block has lost its frame, and with it what its cells remembered.</summary>
    public int Era(uint cell) => _blocks[BlockOf(cell)].Era;

    /// <summary>Tells whether a cell is taken.</summary>
    public bool IsTaken(uint cell)
    {
        int number = BlockOf(cell);
        int place = PlaceOf(cell);
        return number < _blockCount && place < _cellsPerBlock
            && (_freeCells[(number * _wordsPerBlock) + (place >> WordShift)] >> (place & WordMask) & 1) == 0;
    }

    /// <summary>Guesses where a cell lies, without the lock: for a prefetch, and for nothing else.</summary>
    /// <returns>Whether there is a guess; it may be out of date.</returns>
    public bool TryGuess(uint cell, out FrameNumber frame, out int offset)
    {
        Block[] blocks = Volatile.Read(ref _blocks);
        int number = BlockOf(cell);
        offset = PlaceOf(cell) * _cellBytes;
        frame = (uint)number < (uint)blocks.Length ? blocks[number].Frame : FrameNumber.None;
        return frame != FrameNumber.None;
    }

    private int PlaceOf(uint cell) => (int)(cell & ((1u << _placeBits) - 1));

    private int TakeLowest(int number)
    {
        Span<ulong> words = _freeCells.AsSpan(number * _wordsPerBlock, _wordsPerBlock);
        int index = words.IndexOfAnyExcept(0UL);
        Invariant.That(index >= 0, "a block that is listed as free has a free cell", (ulong)number);
        ref ulong word = ref words[index];
        int place = (index << WordShift) | BitOperations.TrailingZeroCount(word);
        word &= word - 1;
        return place;
    }

    private bool TryGiveFrame(ref Block block)
    {
        if (!_frames.TryTake(out FrameNumber frame))
        {
            return false;
        }

        _arena[frame].Clear();
        block.Frame = frame;
        FrameCount++;
        return true;
    }

    private void AddBlock()
    {
        if (_blockCount == _blocks.Length)
        {
            Array.Resize(ref _freeCells, _freeCells.Length * 2);
            Array.Resize(ref _blocks, _blocks.Length * 2);
        }

        _blocks[_blockCount] = new Block { Frame = FrameNumber.None };
        Span<ulong> words = _freeCells.AsSpan(_blockCount * _wordsPerBlock, _wordsPerBlock);
        words.Fill(ulong.MaxValue);
        int last = _cellsPerBlock & WordMask;
        words[^1] = last == 0 ? ulong.MaxValue : (1UL << last) - 1;
        _blockCount++;
    }

    private struct Block
    {
        public FrameNumber Frame;
        public int InUse;
        public int Era;
    }
}
