using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

public sealed class PinTests
{
    private static readonly TaggedFrame Place = new(new FrameNumber(4), Buddy.Last);

    [Fact]
    public void A_freed_zpage_is_released_by_its_last_pin()
    {
        PinTable pins = new();
        Assert.False(pins.TryDefer(Place));
        pins.Add(Place);
        pins.Add(Place);
        Assert.Equal((1, 2), (pins.Count, pins.CountOf(Place)));
        Assert.False(pins.IsDeferred(Place));

        Assert.True(pins.TryDefer(Place));
        Assert.True(pins.IsDeferred(Place));
        Assert.Throws<InvariantViolationException>(() => pins.TryDefer(Place));
        Assert.False(pins.Remove(Place));
        Assert.True(pins.Remove(Place));

        Assert.Equal(0, pins.Count);
        Assert.False(pins.IsDeferred(Place));
        Assert.Throws<InvariantViolationException>(() => pins.Remove(Place));
    }

    [Fact]
    public void A_live_zpage_stays_when_its_pins_end()
    {
        using PoolRig rig = new();
        ZbudHandle handle = rig.Allocate(1, 100);
        FramePin one = rig.Pin(handle);
        FramePin two = rig.Pin(handle);
        Assert.Equal(handle, one.Handle);
        rig.Unpin(one);
        rig.Unpin(two);

        Assert.True(rig.Holds(handle, 1, 100));
        Assert.Throws<InvariantViolationException>(() => rig.Unpin(two));
    }

    [Fact]
    public void A_pinned_zpage_that_is_freed_holds_its_frame_but_is_no_zpage_any_more()
    {
        using PoolRig rig = new();
        ZbudHandle handle = rig.Allocate(1, 100);
        FramePin pin = rig.Pin(handle);
        Assert.True(rig.Free(handle));

        Assert.False(rig.Free(handle));
        lock (rig.Pool.Gate)
        {
            PoolStatistics statistics = rig.Pool.Statistics;
            Assert.Equal((1, 1, 0), (statistics.Frames, statistics.Unbuddied, statistics.UnderReclaim));
            Assert.Equal((0, 1, 1), (statistics.Zpages, statistics.Pinned, statistics.HandleFrames));
        }

        Assert.Empty(rig.Violations());
        rig.Unpin(pin);
        Assert.Equal(0, rig.Frames.Outstanding);
    }

    [Fact]
    public void A_stale_handle_cannot_be_pinned_or_mapped()
    {
        using PoolRig rig = new();
        ZbudHandle handle = rig.Allocate(1, 100);
        Assert.True(rig.Free(handle));

        Assert.Throws<InvariantViolationException>(() => rig.Pin(handle));
        Assert.Throws<InvariantViolationException>(() => rig.Holds(handle, 1, 100));
    }
}
