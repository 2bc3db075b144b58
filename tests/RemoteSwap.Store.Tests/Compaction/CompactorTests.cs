using RemoteSwap.Pool;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Compaction;

/// <summary>Compaction on request: what it gives back, what it leaves alone, and that no page notices.</summary>
public sealed class CompactorTests
{
    private const int Pages = 3000;
    private const int Kept = 3;
    private static readonly bool[] s_kept = Draw();

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_thinned_tenant_is_dense_again_and_its_memory_goes_back(int shards)
    {
        using StoreRig rig = new(limitBytes: 32 << 20, tenantA: new TenantOptions { Shards = shards });
        Thin(rig, Pages);
        rig.Store.Trim();
        TenantStatistics thin = rig.Figures();
        long committed = rig.Store.Statistics.CommittedBytes;
        Assert.InRange(thin.Density, 1.1, 1.3);

        CompactResult result = rig.Compact(Pages);

        TenantStatistics dense = rig.Figures();
        Assert.True(dense.Density >= 1.85, $"{thin.Density} became {dense.Density} only");

        // A shard has at most one zpage that found no partner.
        Assert.InRange(dense.UnbuddiedFrames, 0, shards);
        Assert.Equal(thin.PoolFrames - result.Merged, dense.PoolFrames);
        Assert.Equal((result.Merged, result.Moved), (dense.MergedFrames, dense.MovedFrames));
        Assert.Equal(rig.Store.Statistics.UsedBytes, rig.Store.Statistics.CommittedBytes);
        Assert.True(rig.Store.Statistics.CommittedBytes <= committed - ((long)result.Merged * FrameArena.FrameBytes));
        Assert.Equal(1, rig.Store.Compactor.Runs);
        Assert.Equal(result.LongestHold, rig.Store.Compactor.LongestHold);
        Assert.True(result.LongestHold > TimeSpan.Zero);
        AssertHolds(rig, Pages);
        rig.AssertClean(deep: true);
    }

    [Fact]
    public void Frames_gather_at_the_low_end_also_when_the_tenant_is_at_its_limit()
    {
        const int Segments = 4;
        const int Stored = Segments * FrameArena.SegmentFrames * 2;
        using StoreRig rig = new(limitBytes: 64 << 20, tenantA: new TenantOptions { Shards = 1 });
        for (ulong slot = 0; slot < Stored; slot++)
        {
            rig.Put(slot, Zpages.Make((int)slot, 1900));
        }

        // The low half goes, so what is left lies high.
        for (ulong slot = 0; slot < Stored / 2; slot++)
        {
            rig.Forget(slot);
        }

        rig.TenantA.SetLimits(new TenantLimits { LimitBytes = rig.Figures().UsedBytes });
        rig.Store.Trim();
        CompactResult result = rig.Compact(Stored);

        Assert.Equal(0, result.Merged);
        Assert.True(result.Moved > FrameArena.SegmentFrames, $"{result.Moved} frames moved");
        Assert.Equal(rig.Store.Statistics.UsedBytes, rig.Store.Statistics.CommittedBytes);
        Assert.Equal(Zpages.Make(Stored - 1, 1900), rig.Get(Stored - 1).Zpage);
        rig.AssertClean(deep: true);
    }

    [Fact]
    public async Task It_merges_and_moves_no_more_than_it_is_asked_to_and_stops_when_it_is_told_to()
    {
        using StoreRig rig = new(limitBytes: 32 << 20);
        Thin(rig, Pages);

        CompactResult few = rig.Compact(10);
        CompactResult none =
            await rig.Store.Compactor.RunAsync(rig.TenantA, Pages, new CancellationToken(canceled: true));

        Assert.Equal(10, few.Merged + few.Moved);
        Assert.Equal((0, 0), (none.Merged, none.Moved));
        AssertHolds(rig, Pages);
    }

    [Fact]
    public void Pinned_frames_answer_again_later_and_the_rest_is_merged()
    {
        using StoreRig rig = new(limitBytes: 32 << 20, tenantA: new TenantOptions { Shards = 1 });
        Thin(rig, Pages);
        Shard shard = rig.TenantA.Shards[0];
        List<FramePin> pins = [];
        lock (shard.Gate)
        {
            for (int page = 0; pins.Count < 100; page++)
            {
                SwapEntry entry = shard.Index[default, new Slot(Spread(page))];
                if (!entry.IsEmpty)
                {
                    pins.Add(shard.Pool.Pin(entry.Handle));
                }
            }
        }

        CompactResult first = rig.Compact(Pages);
        Assert.True(first.Busy > 0);
        Assert.InRange(rig.Figures().UnbuddiedFrames, 2, pins.Count);
        Assert.Equal(first.Busy, rig.Figures().CompactBusy);
        lock (shard.Gate)
        {
            pins.ForEach(shard.Pool.Unpin);
        }

        rig.Compact(Pages);

        Assert.InRange(rig.Figures().UnbuddiedFrames, 0, 1);
        AssertHolds(rig, Pages);
        rig.AssertClean(deep: true);
    }

    [Fact]
    public void Frames_of_other_tenants_stay_where_they_are()
    {
        using StoreRig rig = new(limitBytes: 32 << 20);
        Thin(rig, 1000, rig.TenantB);
        TenantStatistics before = rig.Figures(rig.TenantB);

        CompactResult result = rig.Compact(Pages);

        Assert.Equal((0, 0, 0), (result.Merged, result.Moved, result.Busy));
        Assert.Equal(before, rig.Figures(rig.TenantB));
    }

    /// <summary>Stores pages, two to a frame, and keeps every third at random places: a density of 1.2.</summary>
    internal static void Thin(StoreRig rig, int pages, Tenant? tenant = null)
    {
        for (int slot = 0; slot < pages; slot++)
        {
            Assert.Equal(
                StoreOutcome.Stored,
                rig.Put(Spread(slot), Zpages.Make(slot, SizeOf(slot)), tenant: tenant));
        }

        for (int slot = 0; slot < pages; slot++)
        {
            if (!IsKept(slot))
            {
                rig.Forget(Spread(slot), tenant: tenant);
            }
        }
    }

    /// <summary>Requires that every page that was kept is there, byte for byte.</summary>
    internal static void AssertHolds(StoreRig rig, int pages)
    {
        for (int slot = 0; slot < pages; slot++)
        {
            Loaded loaded = rig.Get(Spread(slot));
            Assert.Equal(IsKept(slot) ? LoadOutcome.Loaded : LoadOutcome.NotFound, loaded.Outcome);
            if (IsKept(slot))
            {
                Assert.Equal(Zpages.Make(slot, SizeOf(slot)), loaded.Zpage);
            }
        }
    }

    // In stretches of a leaf, over eight slabs, so that every shard has some.
    private static ulong Spread(int page) => ((ulong)page % 8 << 14) + ((ulong)page / 8);

    private static bool IsKept(int page) => s_kept[page];

    private static bool[] Draw()
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, Pages).Select(_ => random.Next(Kept) == 0)];
    }

    private static int SizeOf(int page) => 600 + (page * 37 % 1380);
}
