using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

public sealed class HeadlessFrameTests
{
    [Fact]
    public void Headless_frames_stand_in_the_same_LRU_order()
    {
        using PoolRig rig = new();
        ZbudHandle a = rig.AllocateHeadless(1);
        ZbudHandle b = rig.Allocate(2, 1984);
        ZbudHandle c = rig.AllocateHeadless(3);
        ZbudHandle d = rig.Allocate(4, 1984);
        List<ZbudHandle> evicted = [];
        bool Evict(ZbudHandle handle)
        {
            evicted.Add(handle);
            return rig.Free(handle);
        }

        Assert.Equal(ReclaimStatus.Freed, rig.Reclaim(1, Evict));
        Assert.Equal([a], evicted);

        // b's frame got d after c came, so c is the least recent now.
        Assert.Equal(ReclaimStatus.Freed, rig.Reclaim(1, Evict));
        Assert.Equal([a, c], evicted);
        Assert.Equal(ReclaimStatus.Freed, rig.Reclaim(1, Evict));
        Assert.Equal([a, c, b, d], evicted);
        Assert.Equal(ReclaimStatus.Invalid, rig.Reclaim(1, Evict));
        Assert.Equal(0, rig.Frames.Outstanding);
    }

    [Fact]
    public void A_headless_frame_takes_no_buddy_and_gives_all_its_bytes()
    {
        using PoolRig rig = new();
        ZbudHandle whole = rig.AllocateHeadless(1);
        ZbudHandle small = rig.Allocate(2, 64);

        Assert.NotEqual(rig.FrameOf(whole), rig.FrameOf(small));
        Assert.True(rig.Holds(whole, 1, FrameArena.FrameBytes));
        lock (rig.Pool.Gate)
        {
            Assert.True(rig.Pool.IsHeadless(whole));
            Assert.False(rig.Pool.IsHeadless(small));
            Assert.Equal(FrameArena.FrameBytes, rig.Pool.Map(whole).Length);
        }

        Assert.Empty(rig.Violations());
    }

    [Theory]
    [InlineData(0, AllocStatus.NoHandle)]
    [InlineData(1, AllocStatus.NoHandle)]
    [InlineData(2, AllocStatus.NoMemory)]
    [InlineData(3, AllocStatus.Ok)]
    public void Without_memory_it_is_refused_and_nothing_stays_behind(int frames, AllocStatus expected)
    {
        using PoolRig rig = new();
        rig.Frames.Refuse = true;
        rig.Frames.Grants = frames;
        lock (rig.Pool.Gate)
        {
            Assert.Equal(expected, rig.Pool.TryAllocateHeadless(out ZbudHandle handle));
            Assert.Equal(expected != AllocStatus.Ok, handle.IsNone);
            Assert.Equal(expected == AllocStatus.Ok ? 3 : 0, rig.Frames.Outstanding);
        }
    }

    [Fact]
    public void A_pinned_headless_frame_keeps_its_bytes_after_it_is_freed()
    {
        using PoolRig rig = new();
        ZbudHandle handle = rig.AllocateHeadless(1);
        FramePin pin = rig.Pin(handle);
        Assert.True(rig.Free(handle));
        ZbudHandle next = rig.AllocateHeadless(2);

        Assert.True(rig.Holds(pin, 1, FrameArena.FrameBytes));
        Assert.Empty(rig.Violations());
        rig.Unpin(pin);
        Assert.True(rig.Holds(next, 2, FrameArena.FrameBytes));
        Assert.Equal(1, rig.FrameCount);
    }
}
