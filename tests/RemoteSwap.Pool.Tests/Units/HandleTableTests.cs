using Xunit;

namespace RemoteSwap.Pool.Tests.Units;

public sealed class HandleTableTests
{
    private static readonly TaggedFrame Nowhere = new(FrameNumber.None, Buddy.First);

    [Fact]
    public void A_handle_is_stale_once_given_back_also_when_its_place_is_taken_again()
    {
        using FrameArena arena = new(8, poison: true);
        HandleTable table = new(arena, arena);
        Assert.True(table.TryTake(out ZbudHandle keeper));
        HashSet<ZbudHandle> seen = [keeper];
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(table.TryTake(out ZbudHandle handle));
            Assert.True(seen.Add(handle), $"{handle} came twice");
            Assert.False(handle.IsNone);
            Assert.True(table.IsLive(handle));
            table.Give(handle);
            Assert.False(table.IsLive(handle));
        }

        Assert.All(seen, handle => Assert.Equal(handle == keeper, table.IsLive(handle)));
    }

    [Fact]
    public void A_handle_stays_stale_when_the_table_lost_its_memory_meanwhile()
    {
        using FrameArena arena = new(8, poison: true);
        HandleTable table = new(arena, arena);
        HashSet<ZbudHandle> seen = [];
        for (int i = 0; i < 15; i++)
        {
            Assert.True(table.TryTake(out ZbudHandle handle));
            Assert.True(seen.Add(handle), $"{handle} came twice");
            Assert.All(seen, old => Assert.Equal(old == handle, table.IsLive(old)));
            table.Give(handle);
            Assert.Equal(0, arena.FramesInUse);
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(2UL)]
    [InlineData(0xFFFF_FFFFUL)]
    [InlineData(0xFFFF_FFFF_0000_0000UL)]
    [InlineData(ulong.MaxValue)]
    public void A_made_up_handle_is_not_live(ulong value)
    {
        using FrameArena arena = new(8);
        HandleTable table = new(arena, arena);
        Assert.True(table.TryTake(out _));
        ZbudHandle handle = new(value);

        Assert.False(table.IsLive(handle));
        Assert.Throws<InvariantViolationException>(() => table.Resolve(handle));
        Assert.Throws<InvariantViolationException>(() => table.Give(handle));
    }

    [Fact]
    public void A_handle_is_pointed_elsewhere_only_from_where_it_points()
    {
        using FrameArena arena = new(8);
        HandleTable table = new(arena, arena);
        Assert.True(table.TryTake(out ZbudHandle handle));
        TaggedFrame place = new(new FrameNumber(5), Buddy.Last);
        table.Point(handle.Index, Nowhere, place);

        Assert.Equal(place, table.Resolve(handle));
        Assert.Equal((5u, Buddy.Last), (place.Frame.Value, place.Buddy));
        Assert.Throws<InvariantViolationException>(() => table.Point(handle.Index, Nowhere, place));
    }
}
