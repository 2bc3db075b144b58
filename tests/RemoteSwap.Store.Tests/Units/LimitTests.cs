using RemoteSwap.Pool;
using RemoteSwap.Store.Tests.Rig;
using Xunit;

namespace RemoteSwap.Store.Tests.Units;

public sealed class LimitTests
{
    // The oracle of zswap's hysteresis: closes at or above the limit, opens at or below the threshold, both at
    // equality.
    [Theory]
    [InlineData(
        90,
        new long[] { 0, 99, 100, 99, 91, 90, 99, 100, 90 },
        new[] { false, false, true, true, true, false, false, true, false })]
    [InlineData(100, new long[] { 99, 100, 99, 100 }, new[] { false, true, false, true })]
    [InlineData(50, new long[] { 120, 51, 50, 99 }, new[] { true, true, false, false })]
    public void A_gate_closes_at_its_limit_and_opens_at_its_threshold(int percent, long[] used, bool[] closed)
    {
        LimitGate gate = new(100, percent);

        Assert.Equal(closed, used.Select(gate.IsClosed));
    }

    [Fact]
    public void The_lower_of_a_limit_and_its_ceiling_is_in_force_and_what_is_reserved_stays()
    {
        LimitGate gate = new(limitFrames: 1000, acceptPercent: 90);
        gate.Reserve(500);
        gate.SetCeiling(700);
        Assert.Equal((700, 680), (gate.LimitFrames, gate.AcceptFrames));
        Assert.True(gate.IsClosed(700));

        gate.Set(600, acceptPercent: 90);
        Assert.Equal(600, gate.LimitFrames);
        gate.SetCeiling(100);
        Assert.Equal((100, 500, 500), (gate.LimitFrames, gate.ReservedFrames, gate.AcceptFrames));

        gate.Set(1000, acceptPercent: 90);
        gate.SetCeiling(1000);
        Assert.Equal((1000, 950), (gate.LimitFrames, gate.AcceptFrames));
        Assert.False(gate.IsClosed(950));
    }

    [Fact]
    public void A_full_tenant_refuses_until_it_is_below_its_threshold()
    {
        using StoreRig rig = new(tenantA: new TenantOptions { Shards = 1, LimitBytes = 100 * FrameArena.FrameBytes });
        ulong slot = 0;
        while (rig.Put(slot, Zpages.Make((int)slot, 3000)) == StoreOutcome.Stored)
        {
            slot++;
        }

        Assert.True(rig.Figures().HasReachedLimit);
        rig.Forget(0);
        Assert.Equal(StoreOutcome.TenantLimit, rig.Put(0, Zpages.Make(1, 3000)));
        for (ulong gone = 1; gone < 12; gone++)
        {
            rig.Forget(gone);
        }

        Assert.Equal(StoreOutcome.Stored, rig.Put(0, Zpages.Make(1, 3000)));
        rig.AssertClean();
    }

    [Fact]
    public void A_full_pool_still_takes_same_filled_pages()
    {
        using StoreRig rig = new(tenantA: new TenantOptions { Shards = 1, LimitBytes = 100 * FrameArena.FrameBytes });
        ulong slot = 0;
        while (rig.Put(slot, Zpages.Make((int)slot, 3000)) == StoreOutcome.Stored)
        {
            slot++;
        }

        Assert.Equal(StoreOutcome.SameFilled, rig.Put(3, new byte[8]));
        Assert.Equal(new byte[8], rig.Get(3).Zpage);
    }

    [Fact]
    public async Task A_full_server_is_shrunk_although_most_tenants_have_nothing_to_give()
    {
        const int Tenants = 40;
        using PageStore store = new(
            new StoreOptions { LimitBytes = 1 << 20 },
            Enumerable.Range(0, Tenants).ToDictionary(i => $"t{i:00}", _ => new TenantOptions { Shards = 1 }),
            new MemoryTarget());
        Tenant last = store.Tenants[^1];
        StoreBatch batch = new() { Count = 1, Zpages = Zpages.Message(Zpages.Make(1, 3000)) };
        do
        {
            batch.Slots[0]++;
            batch.Sizes[0] = 3000;
            batch.Encodings[0] = RemoteSwap.Codec.ZpageEncoding.Lz4;
            store.Store(last, batch);
        }
        while (batch.Outcomes[0] == StoreOutcome.Stored);
        Assert.Equal(StoreOutcome.TenantLimit, batch.Outcomes[0]);

        await store.Shrinker.ShrinkAsync(CancellationToken.None);

        Assert.InRange(store.Statistics.UsedBytes, 1, (1 << 20) * 9 / 10);
    }

    [Fact]
    public void A_lower_limit_keeps_what_is_stored()
    {
        using StoreRig rig = new();
        rig.Put(1, Zpages.Make(1, 3000));

        rig.TenantA.SetLimits(new TenantLimits { LimitBytes = 4096, AcceptThresholdPercent = 50 });

        Assert.Equal(StoreOutcome.TenantLimit, rig.Put(2, Zpages.Make(2, 3000)));
        Assert.Equal(Zpages.Make(1, 3000), rig.Get(1).Zpage);
    }
}
