using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Fairness;

/// <summary>A tenant that is a cache gives its pages up, and what is gone stays gone.</summary>
public sealed class EphemeralTests
{
    private static TenantOptions Cache { get; } = new() { Shards = 2, Retention = Retention.Ephemeral };

    [Fact]
    public async Task A_dropped_page_is_not_found_and_never_comes_back()
    {
        using StoreRig rig = new(tenantA: Cache);
        byte[] zpage = Zpages.Make(1, 1000);
        rig.Put(7, zpage, generation: 5);

        ReclaimResult result = await rig.Store.ReclaimAsync(rig.TenantA, 1, 8);

        Assert.Equal((ReclaimOutcome.Freed, 1, 0L), (result.Outcome, result.FramesFreed, result.PagesWrittenBack));
        Assert.Equal(LoadOutcome.NotFound, rig.Get(7).Outcome);
        Assert.Equal(StoreOutcome.Stale, rig.Put(7, zpage, generation: 5));
        Assert.Equal(LoadOutcome.NotFound, rig.Get(7).Outcome);
        Assert.Equal((1, 1), (rig.Figures().DroppedPages, rig.Figures().RequestedPages));
        rig.AssertEmpty();
        Assert.Equal(StoreOutcome.Stored, rig.Put(7, zpage, generation: 6));
    }

    [Fact]
    public async Task A_cache_is_dropped_although_there_is_a_spill_file_and_nobody_else_is()
    {
        using StoreRig rig = new(target: new MemoryTarget(), tenantA: Cache);
        for (ulong slot = 0; slot < 100; slot++)
        {
            rig.Put(slot, Zpages.Make((int)slot, 3000));
            rig.Put(slot, Zpages.Make((int)slot, 3000), tenant: rig.TenantB);
        }

        await rig.Store.ReclaimAsync(rig.TenantA, 40, 8);
        await rig.Store.ReclaimAsync(rig.TenantB, 40, 8);

        Assert.Equal((40, 0, 60), (
            rig.Figures().DroppedPages, rig.Figures().WrittenBackPages, rig.Figures().StoredPages));
        Assert.Equal((0, 40, 100), (
            rig.Figures(rig.TenantB).DroppedPages,
            rig.Figures(rig.TenantB).WrittenBackPages,
            rig.Figures(rig.TenantB).StoredPages));
        rig.AssertClean(deep: true);
    }

    [Fact]
    public async Task A_cache_makes_room_without_a_spill_file_and_a_persistent_tenant_does_not()
    {
        using FairStore rig = new(
            1000, Cache with { GuaranteeBytes = FairStore.Bytes(200) }, new TenantOptions(), Cache);
        rig.Target.FailWrites = true;
        for (ulong slot = 0; slot < 700; slot++)
        {
            rig.Put(slot < 150 ? 0 : slot < 300 ? 1 : 2, slot);
        }

        while (!rig.Store.Budget.NeedsShrinking)
        {
            rig.Put(2, 10_000 + (ulong)rig.Store.Arena.FramesInUse);
        }

        await rig.Store.Shrinker.ShrinkAsync(CancellationToken.None);

        Assert.Equal((0, 0), (rig.Figures(0).DroppedPages, rig.Figures(1).DroppedPages));
        Assert.True(rig.Figures(2).DroppedPages > 0);
        Assert.False(rig.Store.Budget.NeedsShrinking);
    }

    [Fact]
    public async Task What_was_loaded_outlives_what_was_not()
    {
        using StoreRig rig = new(tenantA: Cache with { Shards = 1 });
        for (ulong slot = 0; slot < 100; slot++)
        {
            rig.Put(slot, Zpages.Make((int)slot, 3000));
        }

        for (ulong slot = 0; slot < 50; slot++)
        {
            rig.Get(slot);
        }

        await rig.Store.ReclaimAsync(rig.TenantA, 50, 8);

        Assert.All(Enumerable.Range(0, 50), slot => Assert.Equal(LoadOutcome.Loaded, rig.Get((ulong)slot).Outcome));
        Assert.Equal(50, rig.Figures().SecondChances);
    }

    [Fact]
    public async Task Idle_frames_of_a_tenant_are_the_first_to_go()
    {
        using StoreRig rig = new(target: new MemoryTarget(), tenantA: new TenantOptions { Shards = 1 });
        for (ulong slot = 0; slot < 60; slot++)
        {
            rig.Put(slot, Zpages.Make((int)slot, 3000));
        }

        rig.Store.Ages.Pass(TimeSpan.FromMinutes(10));
        for (ulong slot = 0; slot < 30; slot++)
        {
            rig.Put(slot, Zpages.Make((int)slot, 3000));
        }

        Assert.Equal(0, rig.Store.Ages.MarkIdle(rig.TenantA, TimeSpan.FromMinutes(10)));
        Assert.Equal(30, rig.Store.Ages.MarkIdle(rig.TenantA, TimeSpan.FromMinutes(9)));
        await rig.Store.ReclaimAsync(rig.TenantA, 30, 8);

        Assert.Equal((30, 30, 30), (
            rig.Figures().IdleFramesReclaimed, rig.Figures().IdleFramesMarked, rig.Figures().SpilledPages));
        for (ulong slot = 30; slot < 60; slot++)
        {
            Assert.Equal(LoadOutcome.Loaded, rig.Get(slot).Outcome);
        }

        Assert.Equal(30, rig.Figures().SpillLoads);
        rig.AssertClean();
    }

    [Fact]
    public async Task What_was_dropped_stays_gone_over_a_drain_and_the_rest_is_there()
    {
        using StateRig state = new();
        StoreRig first = state.Start(tenantA: Cache with { Shards = 1 });
        for (ulong slot = 0; slot < 40; slot++)
        {
            first.Put(slot, Zpages.Make((int)slot, 3000), generation: 5);
        }

        await first.Store.ReclaimAsync(first.TenantA, 15, 8);
        state.Drain(first);

        using StoreRig second = state.Start(tenantA: Cache with { Shards = 1 });
        for (ulong slot = 0; slot < 15; slot++)
        {
            Assert.Equal(LoadOutcome.NotFound, second.Get(slot).Outcome);
            Assert.Equal(StoreOutcome.Stale, second.Put(slot, Zpages.Make((int)slot, 3000), generation: 5));
        }

        for (ulong slot = 15; slot < 40; slot++)
        {
            Assert.Equal(Zpages.Make((int)slot, 3000), second.Get(slot).Zpage);
        }

        await second.Store.ReclaimAsync(second.TenantA, 25, 8);
        Assert.Equal((25, 0), (second.Figures().DroppedPages, second.Figures().StoredPages));
        second.AssertClean(deep: true);
    }

    [Fact]
    public async Task A_tenant_that_became_a_cache_at_a_restart_is_dropped_from_and_not_written()
    {
        using StateRig state = new();
        MemoryTarget target = new();
        StoreRig first = state.Start(tenantA: new TenantOptions { Shards = 1 });
        for (ulong slot = 0; slot < 20; slot++)
        {
            first.Put(slot, Zpages.Make((int)slot, 3000));
        }

        state.Drain(first);
        using StoreRig second = new(target: target, tenantA: Cache with { Shards = 1 }, state: state.Open());
        await new WarmRestart(second.Store).StartAsync(discards: false, progress: null);

        await second.Store.ReclaimAsync(second.TenantA, 20, 8);

        Assert.Equal((20, 0), (second.Figures().DroppedPages, second.Figures().WrittenBackPages));
        Assert.Equal(LoadOutcome.NotFound, second.Get(3).Outcome);
        second.AssertClean(deep: true);
    }
}
