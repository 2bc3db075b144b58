using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Verbs;

/// <summary>Tenants and areas see nothing of each other.</summary>
public sealed class IsolationTests
{
    [Fact]
    public async Task SameSlotOfAnotherAreaOrTenantIsEmpty()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.StoreOneAsync(7, PageKinds.Text(1));

        await server.AssertEmptyAsync([7], area: 1);
        await server.AssertEmptyAsync([7], area: 1023);
        await server.AssertEmptyAsync([7], TestServer.TenantB);

        await server.AssertHoldsAsync([7], [PageKinds.Text(1)]);
    }

    [Fact]
    public async Task SameSlotHoldsAPageOfItsOwnInEachAreaOfEachTenant()
    {
        await using TestServer server = await TestServer.StartAsync();
        (string Tenant, uint Area)[] places =
        [
            (TestServer.TenantA, 0),
            (TestServer.TenantA, 1),
            (TestServer.TenantA, 1023),
            (TestServer.TenantB, 0),
            (TestServer.TenantB, 1),
        ];
        for (int i = 0; i < places.Length; i++)
        {
            await server.Pages.StoreAsync(
                Batch.Store(7, PageKinds.Any(i), tenant: places[i].Tenant, area: places[i].Area));
        }

        await server.Pages.InvalidateAsync(Batch.InvalidateRange(0, 1UL << 28));

        await server.AssertEmptyAsync([7]);
        for (int i = 1; i < places.Length; i++)
        {
            await server.AssertHoldsAsync([7], [PageKinds.Any(i)], places[i].Tenant, places[i].Area);
        }
    }

    [Fact]
    public async Task TenantAtItsLimitDoesNotAffectTheOther()
    {
        await using TestServer server = await TestServer.StartAsync($"--Tenants:{TestServer.TenantA}:Limit=1MiB");
        StoreOutcome outcome = StoreOutcome.Stored;
        for (ulong slot = 0; slot < 400 && outcome == StoreOutcome.Stored; slot++)
        {
            outcome = await server.StoreOneAsync(slot, PageKinds.Noise((int)slot));
        }

        Assert.Equal(StoreOutcome.TenantLimit, outcome);
        for (ulong slot = 0; slot < 300; slot++)
        {
            Assert.Equal(StoreOutcome.Stored, await server.StoreOneAsync(
                slot, PageKinds.Noise((int)slot), tenant: TestServer.TenantB));
        }

        Assert.False((await server.StatisticsAsync(TestServer.TenantB)).ReachedLimit);
        Assert.Equal(0UL, (await server.StatisticsAsync(TestServer.TenantB)).PoolLimitHit);
    }

    // Two tenants whose frames lie mixed in one arena: a reclaim that took frames without asking whose they are would
    // take both tenants' pages.
    [Fact]
    public async Task ReclaimOfOneTenantNeverTouchesTheOther()
    {
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(
            [.. folder.Settings("8MiB"), TestServer.WithoutScrubber]);
        ulong[] slots = Batch.Slots(200);
        byte[][] pages = [.. slots.Select(slot => PageKinds.Any((int)slot))];
        for (int i = 0; i < slots.Length; i++)
        {
            await server.StoreOneAsync(slots[i], pages[i]);
            await server.StoreOneAsync(slots[i], pages[i], tenant: TestServer.TenantB);
        }

        TenantStatistics before = await server.StatisticsAsync(TestServer.TenantB);

        ReclaimResponse response = await server.Pages.ReclaimAsync(
            new ReclaimRequest { Tenant = TestServer.TenantA, TargetFrames = 100_000, Retries = 8 });

        Assert.Equal(ReclaimOutcome.NothingToReclaim, response.Outcome);
        Assert.True(response.FramesFreed > 50);
        Assert.Equal(before, await server.StatisticsAsync(TestServer.TenantB));
        Assert.Equal(0UL, (await server.StatisticsAsync()).PoolFrames);
        await server.AssertHoldsAsync(slots, pages, TestServer.TenantB);
        await server.AssertHoldsAsync(slots, pages);
        await server.AssertSoundAsync();
    }
}
