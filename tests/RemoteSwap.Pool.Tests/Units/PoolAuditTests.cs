using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

/// <summary>The audit lists what is wrong, and does not stop at the first thing.</summary>
public sealed class PoolAuditTests
{
    private delegate void Damage(ref FrameMeta meta, PoolRig rig);

    private static readonly Dictionary<string, Damage> Damages = new(StringComparer.Ordinal)
    {
        ["R18 a frame names its pool"] = (ref meta, _) => meta.Pool++,
        ["R10 a frame counts the pins of its zpages"] = (ref meta, _) => meta.Pins++,
        ["I2 a frame on a list (buddied) is not under reclaim"] = (ref meta, _) => meta.UnderReclaim = true,
        ["I3 a buddied frame has two zpages"] = (ref meta, _) => meta.LastChunks = 0,
        ["I5 no empty frame outside reclaim"] = (ref meta, _) => meta.FirstChunks = meta.LastChunks = 0,
        ["I6 zpages do not overlap"] = (ref meta, _) => meta.FirstChunks += 2,
        ["a frame's header has the chunks of its meta"] = (ref meta, _) => meta.LastChunks--,
        ["a free side has no user"] = (ref meta, _) => meta.LastChunks = 0,
        ["a used side has a user, or is kept for a pin"] = (ref meta, _) => meta.LastHandle = 0,
        ["R2 a frame names a live handle"] = (ref meta, _) => meta.FirstHandle = 100,
        ["R2 a handle points at the frame that names it"] = (ref meta, _) => meta.FirstHandle = meta.LastHandle,
        ["R2 every handle has a frame that names it"] = (ref meta, _) => meta.FirstHandle = 0,
        ["links of buddied agree both ways"] = (ref meta, _) => meta.ListPrevious = 5,
        ["links of the LRU list agree both ways"] = (ref meta, _) => meta.LruPrevious = 5,
        ["I2 a frame on the LRU list is on another list too"] =
            (ref meta, rig) => rig.Pool.Frames.Lists.Buddied.Remove(rig.Pool.Frames.Lists.Buddied.Head),
        ["I1 the LRU list has all frames not under reclaim"] =
            (ref meta, rig) => rig.Pool.Frames.Lists.Lru.Remove(rig.Pool.Frames.Lists.Lru.Head),
    };

    public static TheoryData<string> Rules => [.. Damages.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_broken_rule_is_listed(string rule)
    {
        using PoolRig rig = new();
        ZbudHandle first = rig.Allocate(1, 1984);
        _ = rig.Allocate(2, 2048);
        Assert.Empty(rig.Violations());

        Damages[rule](ref rig.Arena.Meta(rig.FrameOf(first)), rig);

        Assert.Contains(rig.Violations(), violation => violation.Contains(rule, StringComparison.Ordinal));
    }

    [Fact]
    public void A_foreign_header_is_listed()
    {
        using PoolRig rig = new();
        ZbudHandle handle = rig.AllocateHeadless(1);
        lock (rig.Pool.Gate)
        {
            FrameHeader.Of(rig.Pool.Frames.Headers[rig.Pool.Handles.Resolve(handle).Frame]).Owner++;
        }

        Assert.Contains(rig.Violations(), violation => violation.Contains("R18", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_user_is_visited_once()
    {
        using PoolRig rig = new();
        HashSet<ZbudHandle> handles =
            [rig.AllocateHeadless(1), rig.Allocate(2, 100), rig.Allocate(3, 100), rig.Allocate(4, 3900)];
        List<ZbudHandle> visited = [];
        lock (rig.Pool.Gate)
        {
            Assert.True(rig.Reclaimer.TryBegin(out _));
            PoolAudit.VisitUsers(rig.Pool, visited.Add);
        }

        Assert.Equal(handles.Count, visited.Count);
        Assert.True(handles.SetEquals(visited));
    }
}
