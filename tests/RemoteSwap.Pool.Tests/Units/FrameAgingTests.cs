using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

/// <summary>What changes zbud's order: loads, and marks of idleness. Nothing else does.</summary>
public sealed class FrameAgingTests
{
    private const int OneAFrame = 3000;

    [Fact]
    public void A_frame_that_was_loaded_is_passed_over_once()
    {
        using PoolRig rig = new();
        FrameAging aging = new(rig.Pool);
        lock (rig.Pool.Gate)
        {
            ZbudHandle[] handles = Allocate(rig, 3);
            rig.Pool.NoteLoad(handles[0]);
            rig.Pool.NoteLoad(handles[1]);

            Assert.Equal(2, aging.PassLoaded(10));
            Assert.Equal(0, aging.PassLoaded(10));
            Assert.Equal([handles[2], handles[0], handles[1]], TakeAll(rig));
        }
    }

    [Fact]
    public void Chances_are_bounded_where_everything_is_in_use()
    {
        using PoolRig rig = new();
        FrameAging aging = new(rig.Pool);
        lock (rig.Pool.Gate)
        {
            ZbudHandle[] handles = Allocate(rig, 5);
            Array.ForEach(handles, rig.Pool.NoteLoad);

            Assert.Equal(3, aging.PassLoaded(3));
            Assert.Equal(handles[3], TakeAll(rig)[0]);
        }
    }

    [Fact]
    public void Idle_frames_go_first_and_a_use_ends_their_mark()
    {
        using PoolRig rig = new();
        FrameAging aging = new(rig.Pool);
        lock (rig.Pool.Gate)
        {
            ZbudHandle[] handles = Allocate(rig, 4);
            Turn(rig, 5);
            rig.Pool.NoteLoad(handles[0]);
            rig.Pool.NoteLoad(handles[2]);
            Turn(rig, 2);

            Assert.Equal(0, aging.MarkIdle(0, 256, age: 8));
            Assert.Equal(2, aging.MarkIdle(0, 256, age: 7));
            rig.Pool.NoteLoad(handles[3]);
            Assert.True(rig.Reclaimer.TryBegin(out ReclaimTicket last));
            Assert.True(rig.Reclaimer.TryBegin(out ReclaimTicket first));

            Assert.Equal((handles[3], handles[1]), (last.First, first.First));
            Assert.Equal((false, true), (aging.IsIdle(last), aging.IsIdle(first)));
        }
    }

    [Fact]
    public void An_old_frame_does_not_become_young_when_the_clock_comes_round()
    {
        using PoolRig rig = new();
        FrameAging aging = new(rig.Pool);
        lock (rig.Pool.Gate)
        {
            Allocate(rig, 1);
            for (int turn = 0; turn < 40; turn++)
            {
                Turn(rig, FrameClock.MaxAge / 4);
                aging.Settle(0, 256);
            }

            Assert.Equal(1, aging.MarkIdle(0, 256, FrameClock.MaxAge));
        }
    }

    private static ZbudHandle[] Allocate(PoolRig rig, int frames)
    {
        ZbudHandle[] handles = new ZbudHandle[frames];
        for (int frame = 0; frame < frames; frame++)
        {
            Assert.Equal(AllocStatus.Ok, rig.Pool.TryAllocate(OneAFrame, out handles[frame]));
        }

        return handles;
    }

    private static List<ZbudHandle> TakeAll(PoolRig rig)
    {
        List<ZbudHandle> taken = [];
        while (rig.Reclaimer.TryBegin(out ReclaimTicket ticket))
        {
            taken.Add(ticket.First);
        }

        return taken;
    }

    private static void Turn(PoolRig rig, int ticks)
    {
        for (int tick = 0; tick < ticks; tick++)
        {
            rig.Arena.Clock.Turn();
        }
    }
}
