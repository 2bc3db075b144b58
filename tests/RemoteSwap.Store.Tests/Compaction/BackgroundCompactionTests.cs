using RemoteSwap.Pool;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Compaction;

/// <summary>When the background merges, and when it does not waste its time.</summary>
public sealed class BackgroundCompactionTests
{
    private const int Pages = 3000;

    [Theory]
    [InlineData(0, false)]
    [InlineData(20, true)]
    [InlineData(60, true)]
    [InlineData(95, false)]
    public async Task It_begins_above_a_share_of_half_empty_frames(int abovePercent, bool merges)
    {
        using StoreRig rig = NewRig(abovePercent);
        CompactorTests.Thin(rig, Pages);
        Assert.InRange(rig.Figures().Density, 1.1, 1.3);

        await TickAsync(rig);

        Assert.Equal(merges, rig.Figures().Density >= 1.85);
        Assert.Equal(merges ? 1 : 0, Math.Min(1, rig.Figures().MergedFrames));
        await TickAsync(rig);
        CompactorTests.AssertHolds(rig, Pages);
        rig.AssertClean(deep: true);
    }

    [Fact]
    public async Task Zpages_that_do_not_fit_together_are_looked_at_and_left_alone()
    {
        using StoreRig rig = NewRig();
        for (ulong slot = 0; slot < 1000; slot++)
        {
            rig.Put(slot, Zpages.Make((int)slot, 2100));
        }

        await TickAsync(rig);

        Assert.Equal(1.0, rig.Figures().Density);
        Assert.Equal((0L, TimeSpan.Zero), (rig.Store.Compactor.Runs, rig.Store.Compactor.LongestHold));
    }

    [Fact]
    public async Task Frames_in_use_are_left_alone_for_longer_and_longer_and_not_for_ever()
    {
        using StoreRig rig = NewRig(shards: 1);
        CompactorTests.Thin(rig, Pages);
        Shard shard = rig.TenantA.Shards[0];
        List<FramePin> pins = PinAll(shard);

        List<int> ticks = [];
        for (int tick = 0; tick < 100; tick++)
        {
            long before = rig.Figures().CompactBusy;
            await TickAsync(rig);
            if (rig.Figures().CompactBusy > before)
            {
                ticks.Add(tick);
            }
        }

        Assert.Equal([0, 2, 6, 14, 30, 62], ticks);
        lock (shard.Gate)
        {
            pins.ForEach(shard.Pool.Unpin);
        }

        for (int tick = 0; tick <= CompactionTurn.MaxWait; tick++)
        {
            await TickAsync(rig);
        }

        Assert.True(rig.Figures().Density >= 1.85);
    }

    [Fact]
    public async Task A_broken_pool_is_not_touched_and_the_others_are_merged()
    {
        using StoreRig rig = NewRig(shards: 1);
        CompactorTests.Thin(rig, Pages);
        CompactorTests.Thin(rig, Pages, rig.TenantB);
        rig.TenantA.SetPoison(new InvariantViolationException("a test"));
        long frames = rig.Figures().PoolFrames;

        await TickAsync(rig);
        CompactResult asked = await rig.Store.Compactor.RunAsync(rig.TenantA, Pages);

        Assert.Equal((0, 0, frames), (asked.Merged, asked.Moved, rig.Figures().PoolFrames));
        Assert.True(rig.Figures(rig.TenantB).Density >= 1.85);
    }

    [Fact]
    public async Task Scattered_frames_move_together_and_an_arena_that_is_compact_is_left_alone()
    {
        const ulong Stored = 8 * FrameArena.SegmentFrames * 2;
        using StoreRig rig = NewRig(shards: 1, limitBytes: 64 << 20);
        for (ulong slot = 0; slot < Stored; slot++)
        {
            rig.Put(slot, Zpages.Make((int)slot, 1900));
        }

        await TickAsync(rig);
        Assert.Equal(0, rig.Store.Compactor.Runs);

        // What is left is dense, but every segment has some of it.
        for (ulong slot = 0; slot < Stored; slot++)
        {
            if (slot / 64 % 8 != 0)
            {
                rig.Forget(slot);
            }
        }

        await TickAsync(rig);
        await TickAsync(rig);
        long moved = rig.Figures().MovedFrames;
        for (int tick = 0; tick < 10; tick++)
        {
            await TickAsync(rig);
        }

        rig.Store.Trim();
        Assert.Equal((0, moved), (rig.Figures().MergedFrames, rig.Figures().MovedFrames));
        Assert.InRange(moved, rig.Figures().PoolFrames / 2, rig.Figures().PoolFrames);
        Assert.Equal(rig.Store.Statistics.UsedBytes, rig.Store.Statistics.CommittedBytes);
        rig.AssertClean(deep: true);
    }

    private static StoreRig NewRig(int abovePercent = 20, int shards = 2, long limitBytes = 32 << 20) =>
        new(
            limitBytes,
            tenantA: new TenantOptions { Shards = shards },
            tenantB: new TenantOptions { Shards = shards },
            compactAbovePercent: abovePercent);

    private static ValueTask TickAsync(StoreRig rig) => rig.Store.Compactor.TickAsync(CancellationToken.None);

    private static List<FramePin> PinAll(Shard shard)
    {
        List<FramePin> pins = [];
        lock (shard.Gate)
        {
            foreach ((AreaId area, Slot first) in LeafWalk.Of(shard))
            {
                for (ulong slot = first.Value; slot < first.Value + SlabLeaves.LeafEntries; slot++)
                {
                    SwapEntry entry = shard.Index[area, new Slot(slot)];
                    if (!entry.IsEmpty)
                    {
                        pins.Add(shard.Pool.Pin(entry.Handle));
                    }
                }
            }
        }

        return pins;
    }
}
