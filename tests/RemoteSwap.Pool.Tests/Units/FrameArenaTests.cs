using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

public sealed class FrameArenaTests
{
    private const int Frames = 2048;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Memory_is_committed_as_frames_are_taken_and_given_back_when_too_much_is_warm(bool hugePages)
    {
        const int Warm = 256;
        using FrameArena arena = new(Frames, Warm, hugePages: hugePages);
        Assert.Equal((0, 0), (arena.FramesInUse, arena.FramesCommitted));
        Assert.Equal(0, Residency.Of(arena, Frames));

        List<FrameNumber> taken = TakeAndTouch(arena, Frames);
        Assert.False(arena.TryTake(out FrameNumber none));
        Assert.Equal(FrameNumber.None, none);
        Assert.Equal((Frames, Frames), (arena.FramesInUse, arena.FramesCommitted));
        Assert.Equal(Frames, Residency.Of(arena, Frames));

        taken.ForEach(arena.Return);

        Assert.Equal(0, arena.FramesInUse);
        Assert.InRange(arena.FramesCommitted, 0, Warm);
        Assert.Equal(arena.FramesCommitted, Residency.Of(arena, Frames));
    }

    [Fact]
    public void The_lowest_free_frame_is_handed_out()
    {
        using FrameArena arena = new(Frames);
        List<FrameNumber> taken = TakeAndTouch(arena, 600);
        Assert.Equal(Enumerable.Range(0, 600).Select(number => new FrameNumber((uint)number)), taken);

        arena.Return(taken[400]);
        arena.Return(taken[7]);

        Assert.True(arena.TryTake(out FrameNumber first));
        Assert.True(arena.TryTake(out FrameNumber second));
        Assert.Equal((7u, 400u), (first.Value, second.Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Trim_gives_back_what_is_free_and_nothing_else(bool hugePages)
    {
        using FrameArena arena = new(Frames, warmFrames: Frames, hugePages: hugePages);
        List<FrameNumber> taken = TakeAndTouch(arena, 1000);
        foreach (FrameNumber frame in taken.Where(frame => frame.Value % 5 != 0))
        {
            arena.Return(frame);
        }

        Assert.Equal(1000, arena.FramesCommitted);
        Assert.Equal(0, arena.Trim(800));
        int given = arena.Trim(0);

        Assert.Equal((800, 200), (given, arena.FramesCommitted));
        Assert.Equal(200, Residency.Of(arena, Frames));
        Assert.All(
            taken.Where(frame => frame.Value % 5 == 0),
            frame => Assert.Equal((byte)(frame.Value + 1), arena[frame][0]));
        Assert.True(arena.TryTake(out FrameNumber again));
        Assert.Equal(1u, again.Value);
        Assert.Equal(-1, arena[again].IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Trim_stops_when_no_more_is_warm_than_it_may_keep(bool hugePages)
    {
        using FrameArena arena = new(Frames, warmFrames: Frames, hugePages: hugePages);
        TakeAndTouch(arena, Frames).ForEach(arena.Return);
        Assert.Equal(Frames, arena.FramesCommitted);

        int given = arena.Trim(1024);

        Assert.Equal((1024, 1024), (given, arena.FramesCommitted));
        Assert.Equal(1024, Residency.Of(arena, 1024));
    }

    [Fact]
    public void A_frame_that_is_returned_twice_breaks_an_invariant()
    {
        using FrameArena arena = new(Frames);
        Assert.True(arena.TryTake(out FrameNumber frame));
        arena.Return(frame);

        Assert.Throws<InvariantViolationException>(() => arena.Return(frame));
        Assert.Equal(0, arena.FramesInUse);
    }

    [Fact]
    public void Poison_shows_a_write_after_free()
    {
        using FrameArena arena = new(Frames, poison: true);
        Assert.True(arena.TryTake(out FrameNumber frame));
        arena[frame].Fill(1);
        arena.Return(frame);
        Assert.True(arena.TryTake(out frame));
        arena.Return(frame);

        arena[frame][4095] ^= 1;

        Assert.Throws<InvariantViolationException>(() => arena.TryTake(out _));
    }

    [Theory]
    [InlineData(2048u)]
    [InlineData(uint.MaxValue)]
    public void A_frame_outside_the_arena_breaks_an_invariant(uint number)
    {
        using FrameArena arena = new(Frames);

        Assert.Throws<InvariantViolationException>(() => arena[new FrameNumber(number)].Length);
        Assert.Throws<InvariantViolationException>(() => arena.Meta(new FrameNumber(number)).Pins);
    }

    [Fact]
    public void The_highest_frame_in_use_below_a_place_is_found()
    {
        using FrameArena arena = new(Frames);
        Assert.False(arena.TryFindInUseBelow(uint.MaxValue, out _));
        List<FrameNumber> taken = TakeAndTouch(arena, 1500);
        HashSet<uint> kept = [0, 63, 64, 255, 256, 1029, 1030, 1499];
        taken.Where(frame => !kept.Contains(frame.Value)).ToList().ForEach(arena.Return);

        List<uint> found = [];
        for (uint limit = uint.MaxValue; arena.TryFindInUseBelow(limit, out FrameNumber frame); limit = frame.Value)
        {
            found.Add(frame.Value);
        }

        Assert.Equal(kept.OrderDescending(), found);
    }

    [Fact]
    public void A_frame_comes_back_with_empty_meta()
    {
        using FrameArena arena = new(Frames);
        Assert.True(arena.TryTake(out FrameNumber frame));
        arena.Meta(frame) = new FrameMeta { Kind = FrameKind.Zbud, Pool = 9, Pins = 3, FirstHandle = 1 };
        arena.Return(frame);

        Assert.Equal(default, arena.Meta(frame));
        Assert.Equal(0, arena.PoolOf(frame));
    }

    [Fact]
    public void Threads_get_different_frames()
    {
        const int Threads = 4;
        const int Rounds = 300;
        using FrameArena arena = new(Frames, warmFrames: 0, poison: true);
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                List<FrameNumber> taken = TakeAndTouch(arena, 1 + (round % 40), (byte)(thread + 1));
                Assert.All(taken, frame => Assert.Equal(-1, arena[frame].IndexOfAnyExcept((byte)(thread + 1))));
                taken.ForEach(arena.Return);
            }
        });

        Assert.Equal(0, arena.FramesInUse);
    }

    [Fact]
    public void What_is_borrowed_for_a_move_is_never_one_of_the_last_frames()
    {
        using FrameArena arena = new(256);
        TakeAndTouch(arena, 251);
        Assert.True(arena.TryTakeSpare(out FrameNumber borrowed));
        Assert.False(arena.TryTakeSpare(out _));
        for (int frame = 0; frame < 4; frame++)
        {
            Assert.True(arena.TryTake(out _));
        }

        Assert.False(arena.TryTake(out _));
        arena.Return(borrowed);
        Assert.False(arena.TryTakeSpare(out _));
        Assert.True(arena.TryTake(out _));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(1, -1)]
    public void An_arena_without_frames_is_refused(int maxFrames, int warmFrames) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameArena(maxFrames, warmFrames));

    private static List<FrameNumber> TakeAndTouch(FrameArena arena, int count, byte? pattern = null)
    {
        List<FrameNumber> taken = [];
        for (int i = 0; i < count; i++)
        {
            Assert.True(arena.TryTake(out FrameNumber frame));
            arena[frame].Fill(pattern ?? (byte)(frame.Value + 1));
            taken.Add(frame);
        }

        return taken;
    }
}
