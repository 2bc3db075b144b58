using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

public sealed class ReclaimTests
{
    [Fact]
    public void Nobody_to_evict_to_no_try_or_nothing_to_evict_is_invalid()
    {
        using PoolRig rig = new();
        Assert.Equal(ReclaimStatus.Invalid, rig.Reclaim(8, _ => true));
        ZbudHandle handle = rig.Allocate(1, 100);

        Assert.Equal(ReclaimStatus.Invalid, rig.Reclaimer.Reclaim(8, null));
        Assert.Equal(ReclaimStatus.Invalid, rig.Reclaim(0, rig.Free));
        Assert.Equal(ReclaimStatus.Invalid, rig.Reclaim(-1, rig.Free));
        Assert.True(rig.IsLive(handle));
    }

    [Fact]
    public void The_only_frame_is_tried_as_often_as_allowed()
    {
        using PoolRig rig = new();
        ZbudHandle handle = rig.Allocate(1, 100);
        int calls = 0;

        ReclaimStatus status = rig.Reclaim(8, _ =>
        {
            calls++;
            return true;
        });

        Assert.Equal((ReclaimStatus.TryAgain, 8), (status, calls));
        Assert.True(rig.Holds(handle, 1, 100));
    }

    [Fact]
    public void An_allocation_during_reclaim_never_lands_in_the_frame_under_reclaim()
    {
        using PoolRig rig = new();
        ZbudHandle old = rig.Allocate(1, 100);
        FrameNumber under = rig.FrameOf(old);
        ZbudHandle young = ZbudHandle.None;

        Assert.Equal(ReclaimStatus.TryAgain, rig.Reclaim(1, _ =>
        {
            young = rig.Allocate(2, 100);
            Assert.NotEqual(under, rig.FrameOf(young));
            lock (rig.Pool.Gate)
            {
                Assert.Equal((2, 1), (rig.Pool.Statistics.Frames, rig.Pool.Statistics.UnderReclaim));
            }

            Assert.Empty(rig.Violations());
            return false;
        }));
        Assert.True(rig.Holds(old, 1, 100) && rig.Holds(young, 2, 100));
    }

    [Fact]
    public void Many_frames_may_be_under_reclaim_at_once()
    {
        using PoolRig rig = new();
        ZbudHandle[] handles = [.. Enumerable.Range(0, 5).Select(id => rig.Allocate(id, 3000))];
        lock (rig.Pool.Gate)
        {
            List<ReclaimTicket> tickets = [];
            while (rig.Reclaimer.TryBegin(out ReclaimTicket ticket))
            {
                tickets.Add(ticket);
            }

            Assert.Equal(handles, tickets.Select(ticket => ticket.First));
            Assert.All(tickets, ticket => Assert.True(ticket.Last.IsNone));
            Assert.Empty(rig.Violations());
            byte[] image = new byte[FrameArena.FrameBytes];
            byte[] header = new byte[FrameHeader.Bytes];
            rig.Reclaimer.CopyFrame(tickets[0], image);
            rig.Reclaimer.CopyHeader(tickets[0], header);
            Assert.Equal(header, image[..FrameHeader.Bytes]);
            Assert.True(image.AsSpan(FrameHeader.Bytes, 3000).SequenceEqual(Noise.Of(0, 3000)));

            Assert.True(rig.Pool.Free(handles[0]));
            Assert.True(rig.Reclaimer.End(tickets[0]));
            Assert.All(tickets.Skip(1), ticket => Assert.False(rig.Reclaimer.End(ticket)));
            Assert.Throws<InvariantViolationException>(() => rig.Reclaimer.End(tickets[1]));
            Assert.Equal(4, rig.Pool.FrameCount);
        }

        Assert.Empty(rig.Violations());
    }
}
