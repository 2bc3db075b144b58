using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Verbs;

/// <summary>
/// A full pool refuses, leaves the slot empty, and takes pages again at its accept threshold, not before.
/// </summary>
public sealed class LimitTests
{
    private const int MaxPages = 1000;
    private const ulong Probe = 100_000;

    [Fact]
    public async Task TenantAtItsLimitRefusesAndLeavesTheSlotEmpty()
    {
        await using TestServer server = await TestServer.StartAsync($"--Tenants:{TestServer.TenantA}:Limit=1MiB");
        await FillAsync(server, TestServer.TenantA, StoreOutcome.TenantLimit);

        // Slot 0 holds generation 1. The client will keep generation 2 elsewhere, so generation 1 must not come back.
        Assert.Equal(StoreOutcome.TenantLimit, await server.StoreOneAsync(0, PageKinds.Noise(0), generation: 2));

        Assert.Equal(LoadOutcome.NotFound, await server.LoadOutcomeAsync(0));
        await server.AssertHoldsAsync([1, 2], [PageKinds.Noise(1), PageKinds.Noise(2)]);
        TenantStatistics figures = await server.StatisticsAsync();
        Assert.True(figures.ReachedLimit);
        Assert.Equal((2UL, 2UL), (figures.PoolLimitHit, figures.RejectReclaimFail));
        Assert.InRange(figures.UsedBytes, figures.LimitBytes - 4096, figures.LimitBytes);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task TenantOpensAgainAtItsAcceptThresholdAndNotBefore()
    {
        await using TestServer server = await TestServer.StartAsync($"--Tenants:{TestServer.TenantA}:Limit=1MiB");
        int stored = await FillAsync(server, TestServer.TenantA, StoreOutcome.TenantLimit);
        int refusals = 0;
        for (int slot = 0; slot < stored; slot++)
        {
            await server.Pages.InvalidateAsync(Batch.Invalidate((ulong)slot));
            TenantStatistics figures = await server.StatisticsAsync();
            StoreOutcome outcome = await server.StoreOneAsync(
                Probe, PageKinds.Noise(1), generation: 2 + (ulong)slot);
            if (figures.UsedBytes <= figures.LimitBytes / 4096 * 90 / 100 * 4096)
            {
                Assert.Equal(StoreOutcome.Stored, outcome);
                Assert.False((await server.StatisticsAsync()).ReachedLimit);
                Assert.True(refusals >= 20, $"{refusals} refusals");
                return;
            }

            Assert.Equal(StoreOutcome.TenantLimit, outcome);
            refusals++;
        }

        Assert.Fail("the tenant did not open again");
    }

    [Fact]
    public async Task ServerAtItsLimitRefusesEveryTenantUntilItsThreshold()
    {
        await using TestServer server = await TestServer.StartAsync(
            "--limit=1MiB", $"--Tenants:{TestServer.TenantA}:Limit=4MiB", $"--Tenants:{TestServer.TenantB}:Limit=4MiB");
        int stored = await FillAsync(server, TestServer.TenantB, StoreOutcome.PoolLimit);
        await server.StoreOneAsync(Probe, PageKinds.Filled(1));

        Assert.Equal(StoreOutcome.PoolLimit, await server.StoreOneAsync(Probe, PageKinds.Noise(1), generation: 2));
        Assert.Equal(LoadOutcome.NotFound, await server.LoadOutcomeAsync(Probe));
        Assert.False((await server.StatisticsAsync()).ReachedLimit);
        ListTenantsResponse all = await server.Admin.ListTenantsAsync(new ListTenantsRequest());
        Assert.True(all.Server.ReachedLimit);

        InvalidateRequest half = Batch.InvalidateRange(0, (ulong)stored / 2);
        half.Tenant = TestServer.TenantB;
        await server.Pages.InvalidateAsync(half);
        Assert.Equal(StoreOutcome.Stored, await server.StoreOneAsync(Probe, PageKinds.Noise(1), generation: 3));
        all = await server.Admin.ListTenantsAsync(new ListTenantsRequest());
        Assert.False(all.Server.ReachedLimit);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task FullPoolTakesSameFilledPagesAndTellsItsPressure()
    {
        await using TestServer server = await TestServer.StartAsync($"--Tenants:{TestServer.TenantA}:Limit=1MiB");
        StoreResponse first = await server.Pages.StoreAsync(Batch.Store(0, PageKinds.Noise(0)));
        Assert.InRange(first.UsagePermille, 1u, 100u);
        await FillAsync(server, TestServer.TenantA, StoreOutcome.TenantLimit);

        StoreResponse response = await server.Pages.StoreAsync(Batch.Store(3, PageKinds.Filled(0), generation: 2));

        Assert.Equal([StoreOutcome.SameFilled], response.Outcomes);
        Assert.InRange(response.UsagePermille, 900u, 1000u);
        await server.AssertHoldsAsync([3], [PageKinds.Filled(0)]);
    }

    [Fact]
    public async Task LoweredLimitKeepsPagesAndRefusesNewOnes()
    {
        await using TestServer server = await TestServer.StartAsync();
        ulong[] slots = Batch.Slots(400);
        byte[][] pages = [.. slots.Select(slot => PageKinds.Noise((int)slot))];
        await server.Pages.StoreAsync(Batch.Store(slots, pages));

        SetTenantLimitsResponse lowered = await server.Admin.SetTenantLimitsAsync(
            new SetTenantLimitsRequest
            {
                Tenant = TestServer.TenantA,
                LimitBytes = 1 << 20,
                AcceptThresholdPercent = 50,
            });

        Assert.Equal(
            (1UL << 20, 50u, true),
            (lowered.Tenant.LimitBytes, lowered.Tenant.AcceptThresholdPercent, lowered.Tenant.Enabled));
        Assert.Equal(StoreOutcome.TenantLimit, await server.StoreOneAsync(Probe, PageKinds.Noise(1)));
        await server.AssertHoldsAsync(slots, pages);

        await server.Pages.InvalidateAsync(Batch.InvalidateRange(0, 300));
        Assert.Equal(StoreOutcome.Stored, await server.StoreOneAsync(Probe, PageKinds.Noise(1), generation: 2));
        await server.AssertHoldsAsync(slots[300..], pages[300..]);
    }

    [Fact]
    public async Task DisabledTenantTakesNoPagesButGivesThemBack()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Pages.StoreAsync(
            Batch.Store([1, 2, 3], [PageKinds.Text(1), PageKinds.Text(2), PageKinds.Text(3)]));
        await SetEnabledAsync(server, false);

        Assert.Equal(StoreOutcome.Disabled, await server.StoreOneAsync(2, PageKinds.Text(9), generation: 2));

        Assert.Equal(LoadOutcome.NotFound, await server.LoadOutcomeAsync(2));
        await server.AssertHoldsAsync([1, 3], [PageKinds.Text(1), PageKinds.Text(3)]);
        Assert.Equal(
            [InvalidateOutcome.Invalidated], (await server.Pages.InvalidateAsync(Batch.Invalidate(1))).Outcomes);
        Assert.Equal(1UL, (await server.StatisticsAsync()).RejectDisabled);
        Assert.Equal(StoreOutcome.Stored, await server.StoreOneAsync(2, PageKinds.Text(9), tenant: TestServer.TenantB));

        await SetEnabledAsync(server, true);

        // What was refused is over: a copy of it that comes late does not count as a new try.
        Assert.Equal(StoreOutcome.Stale, await server.StoreOneAsync(2, PageKinds.Text(9), generation: 2));
        Assert.Equal(StoreOutcome.Stored, await server.StoreOneAsync(2, PageKinds.Text(9), generation: 3));
    }

    [Fact]
    public async Task TenantMayBeDisabledFromTheStart()
    {
        await using TestServer server = await TestServer.StartAsync("--Tenants:vm-c:Enabled=false");
        Assert.Equal(StoreOutcome.Disabled, await server.StoreOneAsync(1, PageKinds.Filled(0), tenant: "vm-c"));
        Assert.False((await server.StatisticsAsync("vm-c")).Enabled);
    }

    // Stores incompressible pages in slots 0, 1, 2 ... until one is refused.
    private static async Task<int> FillAsync(TestServer server, string tenant, StoreOutcome expected)
    {
        for (int slot = 0; slot < MaxPages; slot++)
        {
            StoreOutcome outcome = await server.StoreOneAsync((ulong)slot, PageKinds.Noise(slot), tenant: tenant);
            if (outcome != StoreOutcome.Stored)
            {
                Assert.Equal(expected, outcome);
                return slot;
            }
        }

        throw new InvalidOperationException($"{MaxPages} pages fitted");
    }

    private static async Task SetEnabledAsync(TestServer server, bool enabled) =>
        await server.Admin.SetTenantLimitsAsync(
        new SetTenantLimitsRequest { Tenant = TestServer.TenantA, Enabled = enabled });
}
