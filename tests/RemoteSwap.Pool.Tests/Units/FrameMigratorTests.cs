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
        Assert.Equal(MoveStatus.NotHere, Move(rig, high));
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

        Assert.Equal(MoveStatus.NotHere, Move(rig, foreign));
        Assert.Equal(MoveStatus.NotHere, Move(rig, new FrameNumber(1000)));
    }

    private static MoveStatus Move(PoolRig rig, FrameNumber frame)
    {
        Assert.True(rig.Frames.TryTake(out FrameNumber target));
        lock (rig.Pool.Gate)
        {
            MoveStatus status = rig.Migrator.TryMigrateTo(frame, target);
            rig.Frames.Return(target);
            return status;
        }
    }

    private static MoveStatus MoveDown(PoolRig rig, FrameNumber frame)
    {
        lock (rig.Pool.Gate)
        {
            return Model.PoolUnderTest.MigrateDown(rig.Migrator, rig.Frames, frame);
        }
    }
}
