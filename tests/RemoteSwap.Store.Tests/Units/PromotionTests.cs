using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Units;

/// <summary>When a spilled page comes back to memory; and which frames are spilled first.</summary>
public sealed class PromotionTests
{
    [Theory]
    [InlineData(PromotePolicy.Never, 3, 0)]
    [InlineData(PromotePolicy.Second, 1, 0)]
    [InlineData(PromotePolicy.Second, 2, 1)]
    [InlineData(PromotePolicy.Always, 1, 1)]
    public async Task A_hot_page_comes_back(PromotePolicy policy, int loads, int promoted)
    {
        using StoreRig rig = new(target: new MemoryTarget(), promote: policy);
        rig.Put(7, Zpages.Make(7, 900), generation: 5);
        await rig.Store.ReclaimAsync(rig.TenantA, 1, 1);
        Assert.Equal(1, rig.Figures().SpilledPages);

        for (int load = 0; load < loads; load++)
        {
            Loaded loaded = await rig.GetAsync(7);
            Assert.Equal((LoadOutcome.Loaded, 5ul), (loaded.Outcome, loaded.Generation));
            Assert.Equal(Zpages.Make(7, 900), loaded.Zpage);
        }

        Assert.Equal(promoted, rig.Figures().PromotedPages);
        Assert.Equal(1 - promoted, rig.Figures().SpilledPages);
        Assert.Equal(promoted == 0 ? 4096 : 0, rig.Target!.UsedBytes);
        rig.AssertClean(deep: true);
    }

    [Fact]
    public async Task A_page_that_was_replaced_while_it_was_read_stays_replaced()
    {
        Stop stop = new();
        MemoryTarget target = new();
        using StoreRig rig = new(target: target, promote: PromotePolicy.Always);
        rig.Put(7, Zpages.Make(7, 900), generation: 5);
        await rig.Store.ReclaimAsync(rig.TenantA, 1, 1);
        target.DuringRead = stop.WaitAsync;

        Task<Loaded> load = rig.GetAsync(7);
        await stop.Reached;
        rig.Put(7, Zpages.Make(8, 900), generation: 6);
        stop.GoOn();

        Assert.Equal(Zpages.Make(7, 900), (await load).Zpage);
        target.DuringRead = () => Task.CompletedTask;
        Assert.Equal(Zpages.Make(8, 900), (await rig.GetAsync(7)).Zpage);
        Assert.Equal(0, rig.Figures().PromotedPages);
        Assert.Equal(0, target.UsedBytes);
        rig.AssertClean(deep: true);
    }

    [Fact]
    public async Task A_tenant_without_room_gets_nothing_back()
    {
        using StoreRig rig = new(
            target: new MemoryTarget(),
            tenantA: new TenantOptions { Shards = 1, LimitBytes = 1 << 20 },
            promote: PromotePolicy.Always);
        rig.Put(0, Zpages.Make(0, 4096));
        await rig.Store.ReclaimAsync(rig.TenantA, 1, 1);
        for (ulong slot = 1; slot < 245; slot++)
        {
            Assert.Equal(StoreOutcome.Stored, rig.Put(slot, Zpages.Make((int)slot, 4096)));
        }

        Assert.Equal(Zpages.Make(0, 4096), (await rig.GetAsync(0)).Zpage);

        Assert.Equal(0, rig.Figures().PromotedPages);
        Assert.Equal(1, rig.Figures().SpilledPages);
    }

    [Fact]
    public async Task A_page_that_is_handed_over_is_not_brought_back()
    {
        using StoreRig rig = new(target: new MemoryTarget(), promote: PromotePolicy.Always);
        rig.Put(7, Zpages.Make(7, 900), generation: 5);
        await rig.Store.ReclaimAsync(rig.TenantA, 1, 1);

        Assert.Equal(LoadOutcome.Loaded, (await rig.GetAsync(7, exclusive: true)).Outcome);

        Assert.Equal(0, rig.Figures().PromotedPages);
        Assert.Equal(InvalidateOutcome.Invalidated, rig.Forget(7, generation: 5, acknowledge: true));
        rig.AssertEmpty();
    }

    [Theory]
    [InlineData(IncompressiblePolicy.Keep, 0)]
    [InlineData(IncompressiblePolicy.Spill, 3)]
    public async Task Incompressible_pages_are_spilled_first_if_that_is_wanted(IncompressiblePolicy policy, int spilled)
    {
        using StoreRig rig = new(
            target: new MemoryTarget(), tenantA: new TenantOptions { Shards = 1, Incompressible = policy });
        for (ulong slot = 0; slot < 6; slot++)
        {
            // The compressible ones are the older ones.
            rig.Put(slot, Zpages.Make((int)slot, slot < 3 ? 3000 : 4096));
        }

        await rig.Store.ReclaimAsync(rig.TenantA, 3, 1);

        Assert.Equal(3, rig.Figures().SpilledPages);
        Assert.Equal(3 - spilled, rig.Figures().IncompressiblePages);
        rig.AssertClean(deep: true);

        // And when there are none left, the others.
        await rig.Store.ReclaimAsync(rig.TenantA, 3, 1);
        Assert.Equal(6, rig.Figures().SpilledPages);
        for (ulong slot = 0; slot < 6; slot++)
        {
            Assert.Equal(Zpages.Make((int)slot, slot < 3 ? 3000 : 4096), (await rig.GetAsync(slot)).Zpage);
        }
    }
}
