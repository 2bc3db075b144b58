using System.Buffers.Binary;
using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

public sealed class CellTableTests
{
    private static readonly int[] Sizes = [4, 6, 8, 24, 64, 100, 4096];

    public static TheoryData<int> CellSizes => [.. Sizes];

    [Theory]
    [MemberData(nameof(CellSizes))]
    public void Cells_do_not_overlap_and_frames_go_back(int cellBytes)
    {
        using FrameArena arena = new(64, poison: true);
        CellTable table = new(arena, arena, cellBytes);
        int cells = (3 * (FrameArena.FrameBytes / cellBytes)) + 1;
        List<uint> taken = [];
        for (int i = 0; i < cells; i++)
        {
            Assert.True(table.TryTake(out uint cell));
            Assert.Equal(cellBytes, table[cell].Length);
            Assert.Equal(-1, table[cell].IndexOfAnyExcept((byte)0));
            BinaryPrimitives.WriteInt32LittleEndian(table[cell], i + 1);
            taken.Add(cell);
        }

        Assert.Equal((cells, 4, 4), (table.Count, table.FrameCount, arena.FramesInUse));
        Assert.Equal(cells, taken.Distinct().Count());
        for (int i = 0; i < cells; i++)
        {
            Assert.True(table.IsTaken(taken[i]));
            Assert.Equal(i + 1, BinaryPrimitives.ReadInt32LittleEndian(table[taken[i]]));
            table.Give(taken[i]);
            Assert.False(table.IsTaken(taken[i]));
        }

        Assert.Equal((0, 0, 0), (table.Count, table.FrameCount, arena.FramesInUse));
    }

    [Fact]
    public void A_cell_knows_how_often_its_block_lost_its_memory()
    {
        using FrameArena arena = new(4, poison: true);
        CellTable table = new(arena, arena, 64);
        for (int era = 0; era < 3; era++)
        {
            Assert.True(table.TryTake(out uint cell));
            Assert.Equal(0u, cell);
            Assert.Equal(era, table.Era(cell));
            Assert.Equal(0, table[cell][0]);
            table[cell].Fill(0xFF);
            table.Give(cell);
        }
    }

    [Fact]
    public void A_cell_that_is_taken_again_is_as_it_was_left()
    {
        using FrameArena arena = new(4, poison: true);
        CellTable table = new(arena, arena, 64);
        Assert.True(table.TryTake(out uint keeper));
        Assert.True(table.TryTake(out uint cell));
        table[cell].Fill(0x11);
        table.Give(cell);

        Assert.True(table.TryTake(out uint again));

        Assert.Equal(cell, again);
        Assert.Equal(0x11, table[again][63]);
        Assert.True(table.IsTaken(keeper));
    }

    [Fact]
    public void Without_a_frame_it_refuses_and_works_again_later()
    {
        using FrameArena arena = new(2);
        SwitchedFrames frames = new(arena) { Refuse = true };
        CellTable table = new(arena, frames, 4096);
        Assert.False(table.TryTake(out _));
        Assert.Equal((0, 0), (table.Count, table.FrameCount));

        frames.Refuse = false;
        Assert.True(table.TryTake(out uint one));
        Assert.True(table.TryTake(out uint two));
        Assert.False(table.TryTake(out _));
        table.Give(one);
        Assert.True(table.TryTake(out uint again));

        Assert.Equal((0u, 1u, 0u), (one, two, again));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4097)]
    public void A_cell_that_is_too_small_or_too_large_is_refused(int cellBytes)
    {
        using FrameArena arena = new(1);

        Assert.Throws<ArgumentOutOfRangeException>(() => new CellTable(arena, arena, cellBytes));
    }
}
