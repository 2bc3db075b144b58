using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

/// <summary>Merging one by one: which zpage moves, where its frame stands on the lists then, what pins do.</summary>
public sealed class FrameMergerTests
{
    [Fact]
    public void The_smaller_of_two_lone_zpages_moves_to_the_other()
    {
        using PoolRig rig = new();
        ZbudHandle large = rig.Allocate(1, 3000);
        ZbudHandle filler = rig.Allocate(2, 1000);
        ZbudHandle small = rig.Allocate(3, 700);
        FrameNumber target = rig.FrameOf(large);
        Assert.True(rig.Free(filler));
        Assert.Equal(2, rig.FrameCount);

        Assert.Equal(MoveStatus.Moved, rig.Merge());

        Assert.Equal((target, target), (rig.FrameOf(large), rig.FrameOf(small)));
        Assert.True(rig.Holds(large, 1, 3000));
        Assert.True(rig.Holds(small, 3, 700));
        Assert.Equal(1, rig.FrameCount);
        Assert.Equal(MoveStatus.NoPlace, rig.Merge());
        Assert.Empty(rig.Violations());
    }

    [Fact]
    public void Of_two_alike_the_higher_frame_is_freed()
    {
        using PoolRig rig = new();
        ZbudHandle[] lone = Lone(rig, 1500, 1500);
        FrameNumber low = rig.FrameOf(lone[0]);

        Assert.Equal(MoveStatus.Moved, rig.Merge());

        Assert.Equal([low, low], lone.Select(rig.FrameOf));
    }

    [Theory]
    [InlineData(900, 2500)]
    [InlineData(2500, 900)]
    public void A_merged_frame_takes_the_more_recent_of_both_places(int older, int newer)
    {
        using PoolRig rig = new();
        ZbudHandle[] lone = Lone(rig, 3900, older, 3901, newer, 3902);

        Assert.Equal(MoveStatus.Moved, rig.Merge());

        // The larger one was first in its frame and is so still.
        ZbudHandle[] pair = older > newer ? [lone[1], lone[3]] : [lone[3], lone[1]];
        Assert.Empty(rig.Violations());
        Assert.Equal([lone[0], lone[2], .. pair, lone[4]], ByAge(rig));
    }

    [Fact]
    public void A_frame_that_was_marked_as_idle_is_the_older_of_two()
    {
        using PoolRig rig = new();
        ZbudHandle[] lone = Lone(rig, 3900, 2500, 900);
        uint idle = rig.FrameOf(lone[2]).Value;
        lock (rig.Pool.Gate)
        {
            Assert.Equal(1, new FrameAging(rig.Pool).MarkIdle(idle, count: 1, age: 0));
        }

        Assert.Equal(MoveStatus.Moved, rig.Merge());

        Assert.Empty(rig.Violations());
        Assert.Equal([lone[0], lone[1], lone[2]], ByAge(rig));
    }

    [Fact]
    public void A_place_that_was_taken_over_counts_when_the_frame_merges_again()
    {
        using PoolRig rig = new();
        ZbudHandle[] lone = Lone(rig, 2500, 3900, 900, 3901, 1100);

        // The first takes the place of the last, its best partner, and loses it; the third is older than that.
        Assert.Equal(MoveStatus.Moved, rig.Merge());
        Assert.True(rig.Free(lone[4]));
        Assert.Equal(MoveStatus.Moved, rig.Merge());

        Assert.Empty(rig.Violations());
        Assert.Equal([lone[1], lone[3], lone[0], lone[2]], ByAge(rig));
    }

    [Fact]
    public void Zpages_that_do_not_fit_together_are_not_merged_and_pinned_ones_later()
    {
        using PoolRig rig = new();
        _ = rig.Allocate(1, 2100);
        _ = rig.Allocate(2, 2100);
        Assert.Equal(MoveStatus.NoPlace, rig.Merge());

        _ = rig.Allocate(3, 1984);
        ZbudHandle filler = rig.Allocate(4, 1984);
        ZbudHandle lone = rig.Allocate(5, 1984);
        Assert.True(rig.Free(filler));
        Assert.Equal(4, rig.FrameCount);
        FramePin pin = rig.Pin(lone);
        Assert.Equal(MoveStatus.Busy, rig.Merge());
        rig.Unpin(pin);

        Assert.Equal(MoveStatus.Moved, rig.Merge());
        Assert.Equal(3, rig.FrameCount);
        Assert.True(rig.Holds(lone, 5, 1984));
    }

    [Fact]
    public void A_pinned_frame_at_the_head_of_its_list_holds_up_no_other()
    {
        using PoolRig rig = new();
        ZbudHandle[] lone = Lone(rig, 1500, 1500, 1500, 1500, 1500);

        // The list's head is the frame that was listed last.
        FramePin pin = rig.Pin(lone[^1]);
        Assert.Equal(MoveStatus.Moved, rig.Merge());
        Assert.Equal(MoveStatus.Moved, rig.Merge());
        Assert.Equal(MoveStatus.NoPlace, rig.Merge());

        Assert.Equal(3, rig.FrameCount);
        rig.Unpin(pin);
        Assert.Equal(MoveStatus.NoPlace, rig.Merge());
    }

    [Fact]
    public void With_too_many_pinned_frames_in_the_way_it_says_again_later()
    {
        using PoolRig rig = new();
        ZbudHandle[] lone = Lone(rig, [.. Enumerable.Repeat(1500, FrameMerger.MaxLooks + 2)]);
        FramePin[] pins = [.. lone.Skip(2).Select(rig.Pin)];
        Assert.Equal(MoveStatus.Busy, rig.Merge());

        rig.Unpin(pins[^1]);
        rig.Unpin(pins[^2]);

        Assert.Equal(MoveStatus.Moved, rig.Merge());
    }

    // One zpage to a frame: each shares its frame with one that fills it, until all are there.
    private static ZbudHandle[] Lone(PoolRig rig, params int[] sizes)
    {
        List<ZbudHandle> fillers = [];
        ZbudHandle[] lone = new ZbudHandle[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            lone[i] = rig.Allocate(i + 1, sizes[i]);
            int rest = (Chunks.Usable - Chunks.Of(sizes[i])) * Chunks.Bytes;
            fillers.Add(rig.Allocate(1000 + i, rest));
        }

        fillers.ForEach(filler => Assert.True(rig.Free(filler)));
        Assert.Equal(sizes.Length, rig.FrameCount);
        return lone;
    }

    // All zpages, those of the least recent frame first, as reclaim offers them; it frees them.
    private static List<ZbudHandle> ByAge(PoolRig rig)
    {
        List<ZbudHandle> offered = [];
        while (rig.FrameCount > 0)
        {
            Assert.Equal(ReclaimStatus.Freed, rig.Reclaim(1, handle =>
            {
                offered.Add(handle);
                return rig.Free(handle);
            }));
        }

        return offered;
    }
}
