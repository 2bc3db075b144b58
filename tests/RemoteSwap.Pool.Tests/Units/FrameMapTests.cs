using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

public sealed class FrameMapTests
{
    private const int Half = 1984;

    [Fact]
    public void Each_frame_has_the_state_that_its_zpages_give_it()
    {
        using PoolRig rig = new();
        ZbudHandle first = rig.Allocate(1, Half);
        ZbudHandle last = rig.Allocate(2, Half);
        ZbudHandle lone = rig.Allocate(3, Half);
        ZbudHandle whole = rig.AllocateHeadless(4);

        Assert.Equal(rig.FrameOf(first), rig.FrameOf(last));
        Assert.Equal(FrameState.Both, StateOf(rig, first));
        Assert.Equal(FrameState.First, StateOf(rig, lone));
        Assert.Equal(FrameState.Headless, StateOf(rig, whole));

        FrameNumber shared = rig.FrameOf(first);
        rig.Free(first);
        Assert.Equal(FrameState.Last, StateOf(rig, last));
        rig.Free(last);
        Assert.Equal(FrameState.Free, StateOf(rig, shared));
    }

    [Fact]
    public void A_frame_under_reclaim_is_said_to_be_whatever_is_left_in_it()
    {
        using PoolRig rig = new();
        ZbudHandle zpage = rig.Allocate(1, Half);
        FrameNumber frame = rig.FrameOf(zpage);
        FrameState seen = default;

        rig.Reclaim(1, _ =>
        {
            seen = StateOf(rig, frame);
            return false;
        });

        Assert.Equal(FrameState.UnderReclaim, seen);
        Assert.Equal(FrameState.First, StateOf(rig, frame));
    }

    [Fact]
    public void States_of_all_frames_are_the_counts_of_the_statistics()
    {
        using PoolRig rig = new();
        Random random = new(7);
        List<ZbudHandle> live = [];
        for (int id = 0; id < 600; id++)
        {
            live.Add(id % 9 == 0 ? rig.AllocateHeadless(id) : rig.Allocate(id, random.Next(100, 3800)));
            if (random.Next(3) == 0)
            {
                int gone = random.Next(live.Count);
                rig.Free(live[gone]);
                live.RemoveAt(gone);
            }
        }

        int[] counts = new int[(int)FrameState.Elsewhere + 1];
        PoolStatistics now;
        lock (rig.Pool.Gate)
        {
            now = rig.Pool.Statistics;
            for (uint frame = 0; frame < FrameMap.EndInUse(rig.Arena); frame++)
            {
                counts[(int)FrameMap.StateOf(rig.Pool, new FrameNumber(frame))]++;
            }
        }

        Assert.Equal(now.Buddied, counts[(int)FrameState.Both]);
        Assert.Equal(now.Headless, counts[(int)FrameState.Headless]);
        Assert.Equal(now.Unbuddied, counts[(int)FrameState.First] + counts[(int)FrameState.Last]);
        Assert.True(counts[(int)FrameState.Last] > 0);
    }

    [Fact]
    public void Use_of_frames_is_told_by_runs()
    {
        using FrameArena arena = new(4 * FrameArena.SegmentFrames);
        Assert.True(arena.TryTake(out FrameNumber zero));
        Assert.True(arena.TryTake(out FrameNumber one));
        Assert.True(arena.TryTake(out FrameNumber two));
        arena.Return(one);
        bool[] used = new bool[4];

        arena.ReadUse(0, used);
        Assert.Equal([true, false, true, false], used);
        arena.ReadUse(3 * FrameArena.SegmentFrames, used);
        Assert.Equal([false, false, false, false], used);
        Assert.Equal((uint)FrameArena.SegmentFrames, FrameMap.EndInUse(arena));
        arena.Return(zero);
        arena.Return(two);
    }

    private static FrameState StateOf(PoolRig rig, ZbudHandle handle) => StateOf(rig, rig.FrameOf(handle));

    private static FrameState StateOf(PoolRig rig, FrameNumber frame)
    {
        lock (rig.Pool.Gate)
        {
            return FrameMap.StateOf(rig.Pool, frame);
        }
    }
}
