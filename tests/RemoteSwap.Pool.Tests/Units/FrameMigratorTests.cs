using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

public sealed class FrameMigratorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frame_moves_down_and_its_handles_stay(bool headless)
    {
        using PoolRig rig = new();
        ZbudHandle below = rig.Allocate(1, 3968);
        ZbudHandle one = rig.Allocate(2, headless);
        ZbudHandle two = rig.Allocate(3, headless);
        FrameNumber low = rig.FrameOf(below);
        FrameNumber high = rig.FrameOf(two);
        Assert.Equal(MoveStatus.NoPlace, MoveDown(rig, high));
        Assert.True(rig.Free(below));

        Assert.Equal(MoveStatus.Moved, MoveDown(rig, high));

        Assert.Equal(low, rig.FrameOf(two));
        Assert.True(rig.Holds(one, 2, 1984));
        Assert.True(rig.Holds(two, 3, 1984));
        Assert.Equal(MoveStatus.NotHere, MoveDown(rig, high));
        Assert.Empty(rig.Violations());
        Assert.True(rig.Free(one) && rig.Free(two));
        Assert.Equal(0, rig.Frames.Outstanding);
    }

    [Fact]
    public void A_frame_keeps_its_places_on_the_lists()
    {
        using PoolRig rig = new();
        ZbudHandle[] handles = [rig.Allocate(1, 3000), rig.Allocate(2, 3000), rig.Allocate(3, 3000)];
        lock (rig.Pool.Gate)
        {
            Assert.Equal(MoveStatus.Moved, rig.Migrator.TryMigrate(handles[0]));
        }

        List<ZbudHandle> offered = [];
        for (int i = 0; i < handles.Length; i++)
        {
            Assert.Equal(ReclaimStatus.Freed, rig.Reclaim(1, handle =>
            {
                offered.Add(handle);
                return rig.Free(handle);
            }));
        }

        Assert.Equal(handles, offered);
    }

    [Fact]
    public void A_pinned_frame_and_one_under_reclaim_answer_again_later()
    {
        using PoolRig rig = new();
        ZbudHandle handle = rig.Allocate(1, 3000);
        FramePin pin = rig.Pin(handle);
        lock (rig.Pool.Gate)
        {
            Assert.Equal(MoveStatus.Busy, rig.Migrator.TryMigrate(handle));
        }

        rig.Unpin(pin);
        _ = rig.Reclaim(1, offered =>
        {
            lock (rig.Pool.Gate)
            {
                Assert.Equal(MoveStatus.Busy, rig.Migrator.TryMigrate(offered));
            }

            return false;
        });
        rig.Frames.Refuse = true;
        lock (rig.Pool.Gate)
        {
            Assert.Equal(MoveStatus.NoPlace, rig.Migrator.TryMigrate(handle));
        }

        Assert.True(rig.Holds(handle, 1, 3000));
    }

    [Fact]
    public void Frames_of_others_are_not_touched()
    {
        using PoolRig rig = new();
        ZbudPool other = new(rig.Arena, rig.Frames, number: 4, owner: 40);
        FrameNumber foreign;
        lock (other.Gate)
        {
            Assert.Equal(AllocStatus.Ok, other.TryAllocate(100, out ZbudHandle handle));
            foreign = other.Handles.Resolve(handle).Frame;
        }

        Assert.Equal(MoveStatus.NotHere, MoveDown(rig, foreign));
        Assert.Equal(MoveStatus.NotHere, MoveDown(rig, new FrameNumber(1000)));
    }

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

        Assert.Equal(MoveStatus.Moved, Merge(rig));

        Assert.Equal((target, target), (rig.FrameOf(large), rig.FrameOf(small)));
        Assert.True(rig.Holds(large, 1, 3000));
        Assert.True(rig.Holds(small, 3, 700));
        Assert.Equal(1, rig.FrameCount);
        Assert.Equal(MoveStatus.NoPlace, Merge(rig));
        Assert.Empty(rig.Violations());
    }

    [Fact]
    public void Zpages_that_do_not_fit_together_are_not_merged_and_pinned_ones_later()
    {
        using PoolRig rig = new();
        _ = rig.Allocate(1, 2100);
        _ = rig.Allocate(2, 2100);
        Assert.Equal(MoveStatus.NoPlace, Merge(rig));

        _ = rig.Allocate(3, 1984);
        ZbudHandle filler = rig.Allocate(4, 1984);
        ZbudHandle lone = rig.Allocate(5, 1984);
        Assert.True(rig.Free(filler));
        Assert.Equal(4, rig.FrameCount);
        FramePin pin = rig.Pin(lone);
        Assert.Equal(MoveStatus.Busy, Merge(rig));
        rig.Unpin(pin);

        Assert.Equal(MoveStatus.Moved, Merge(rig));
        Assert.Equal(3, rig.FrameCount);
        Assert.True(rig.Holds(lone, 5, 1984));
    }

    private static MoveStatus MoveDown(PoolRig rig, FrameNumber frame)
    {
        lock (rig.Pool.Gate)
        {
            return rig.Migrator.TryMigrateDown(frame);
        }
    }

    private static MoveStatus Merge(PoolRig rig)
    {
        lock (rig.Pool.Gate)
        {
            return rig.Migrator.TryMergeOne();
        }
    }
}
