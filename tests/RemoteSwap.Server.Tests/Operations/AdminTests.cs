using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Operations;

/// <summary>What an operator asks: the figures add up, the books balance, and compaction loses nothing.</summary>
public sealed class AdminTests
{
    [Fact]
    public async Task FiguresAddUp()
    {
        // Two looks at the same figures: nothing may move between them.
        await using TestServer server = await TestServer.StartAsync(TestServer.WithoutScrubber);
        ulong[] slots = Batch.Slots(400);
        byte[][] pages = [.. slots.Select(slot => PageKinds.Any((int)slot))];
        await server.Pages.StoreAsync(Batch.Store(slots, pages));
        await server.Pages.StoreAsync(Batch.Store(slots[..40], pages[..40], tenant: TestServer.TenantB));

        ListTenantsResponse all = await server.Admin.ListTenantsAsync(new ListTenantsRequest());

        string names = string.Join(' ', all.Tenants.Select(tenant => tenant.Tenant));
        Assert.Equal($"{TestServer.TenantA} {TestServer.TenantB}", names);
        foreach (TenantStatistics tenant in all.Tenants)
        {
            Assert.Equal(tenant.PoolFrames, tenant.BuddiedFrames + tenant.UnbuddiedFrames + tenant.HeadlessFrames);
            Assert.Equal(tenant.HeadlessFrames, tenant.StoredIncompressiblePages);
            ulong zpages = (2 * tenant.BuddiedFrames) + tenant.UnbuddiedFrames + tenant.HeadlessFrames;
            Assert.Equal(tenant.StoredPages, zpages + tenant.SameFilledPages + tenant.SpilledPages);
            Assert.Equal((double)zpages / tenant.PoolFrames, tenant.Density, 1e-9);
            Assert.Equal(tenant.UsedBytes, (tenant.PoolFrames * 4096) + tenant.IndexBytes + tenant.HeaderBytes);
            Assert.Equal(tenant.Stores, tenant.StoredPages);
            Assert.Equal(tenant.StoredPages / 4, tenant.SameFilledPages);
            Assert.Equal(tenant.StoredPages / 4, tenant.HeadlessFrames);
            Assert.Equal((true, false, false), (tenant.Enabled, tenant.ReachedLimit, tenant.Poisoned));
            Assert.Equal(tenant, await server.StatisticsAsync(tenant.Tenant));
        }

        Assert.Equal((ulong)all.Tenants.Sum(tenant => (long)tenant.UsedBytes), all.Server.UsedBytes);
        Assert.InRange(all.Server.CommittedBytes, all.Server.UsedBytes, all.Server.ResidentBytes);
        Assert.Equal(1UL << 30, all.Server.LimitBytes);
        Assert.True(all.Server.ManagedHeapBytes > 0);
        Assert.True(all.Server.CpuSeconds > 0);
        Assert.StartsWith("0.", all.Server.Version);
    }

    [Fact]
    public async Task AuditLooksAtEveryFrameEntryAndByte()
    {
        await using TestServer server = await TestServer.StartAsync();
        ulong[] slots = Batch.Slots(400);
        await server.Pages.StoreAsync(Batch.Store(slots, [.. slots.Select(slot => PageKinds.Any((int)slot))]));
        await server.StoreOneAsync(1, PageKinds.Text(1), tenant: TestServer.TenantB);

        CheckInvariantsResponse quick = await server.Admin.CheckInvariantsAsync(new CheckInvariantsRequest());
        Assert.Empty(quick.Violations);
        Assert.Equal((401UL, 0UL), (quick.Entries, quick.ZpagesVerified));
        Assert.Equal(
            (await server.StatisticsAsync()).PoolFrames + (await server.StatisticsAsync(TestServer.TenantB)).PoolFrames,
            quick.Frames);

        CheckInvariantsResponse deep = await server.AssertSoundAsync();
        Assert.Equal((401UL, 301UL), (deep.Entries, deep.ZpagesVerified));

        CheckInvariantsResponse one =
            await server.Admin.CheckInvariantsAsync(
                new CheckInvariantsRequest { Tenant = TestServer.TenantB, Deep = true });
        Assert.Equal((1UL, 1UL, 1UL), (one.Frames, one.Entries, one.ZpagesVerified));
    }

    [Fact]
    public async Task LimitsThatAreNotNamedStayAsTheyAre()
    {
        await using TestServer server = await TestServer.StartAsync($"--Tenants:{TestServer.TenantA}:Limit=64MiB");
        TenantStatistics before = await server.StatisticsAsync();

        SetTenantLimitsResponse nothing = await server.Admin.SetTenantLimitsAsync(
            new SetTenantLimitsRequest { Tenant = TestServer.TenantA });
        Assert.Equal(before, nothing.Tenant);

        SetTenantLimitsResponse limit = await server.Admin.SetTenantLimitsAsync(
            new SetTenantLimitsRequest { Tenant = TestServer.TenantA, LimitBytes = 32 << 20 });
        Assert.Equal(
            (32UL << 20, 90u, true),
            (limit.Tenant.LimitBytes, limit.Tenant.AcceptThresholdPercent, limit.Tenant.Enabled));

        SetTenantLimitsResponse rest = await server.Admin.SetTenantLimitsAsync(
            new SetTenantLimitsRequest { Tenant = TestServer.TenantA, AcceptThresholdPercent = 70, Enabled = false });
        Assert.Equal(
            (32UL << 20, 70u, false),
            (rest.Tenant.LimitBytes, rest.Tenant.AcceptThresholdPercent, rest.Tenant.Enabled));
        Assert.Equal(1UL << 30, (await server.StatisticsAsync(TestServer.TenantB)).LimitBytes);
    }

    [Fact]
    public async Task CompactionMergesHalfEmptyFramesAndKeepsEveryPage()
    {
        await using TestServer server = await TestServer.StartAsync("--Store:CompactAbovePercent=0");
        ulong[] slots = Batch.Slots(500);
        byte[][] pages = [.. slots.Select(slot => PageKinds.Text((int)slot))];
        await server.Pages.StoreAsync(Batch.Store(slots, pages));
        TenantStatistics full = await server.StatisticsAsync();
        Assert.Equal(2.0, full.Density, 0.1);

        // Pages share frames in the order of their stores: every other one leaves each frame half empty.
        await server.Pages.InvalidateAsync(Batch.Invalidate([.. slots.Where(slot => slot % 2 == 0)]));
        TenantStatistics half = await server.StatisticsAsync();
        Assert.True(half.UnbuddiedFrames > 200);

        CompactResponse first =
            await server.Admin.CompactAsync(new CompactRequest { Tenant = TestServer.TenantA, MaxFrames = 10 });
        Assert.InRange(first.FramesMerged + first.FramesMoved, 1u, 10u);
        CompactResponse rest =
            await server.Admin.CompactAsync(new CompactRequest { Tenant = TestServer.TenantA, MaxFrames = 10_000 });
        Assert.True(rest.FramesMerged > 50);
        Assert.Equal(half.Density, first.DensityBefore);
        Assert.Equal(first.DensityAfter, rest.DensityBefore);
        Assert.True(rest.LongestHoldUs > 0);

        TenantStatistics after = await server.StatisticsAsync();
        Assert.Equal(half.PoolFrames - first.FramesMerged - rest.FramesMerged, after.PoolFrames);
        Assert.Equal((250UL, 250UL), (half.StoredPages, after.StoredPages));
        Assert.Equal(2.0, after.Density, 0.1);
        Assert.Equal(after.Density, rest.DensityAfter);
        Assert.Equal(first.FramesMerged + rest.FramesMerged, after.MergedFrames);
        Assert.Equal(first.FramesMoved + rest.FramesMoved, after.MovedFrames);
        ServerStatistics all = (await server.Admin.ListTenantsAsync(new ListTenantsRequest())).Server;
        Assert.Equal(2UL, all.CompactRuns);
        Assert.Equal(Math.Max(first.LongestHoldUs, rest.LongestHoldUs), all.CompactLongestHoldUs);
        await server.AssertHoldsAsync(
            [.. slots.Where(slot => slot % 2 == 1)],
            [.. slots.Where(slot => slot % 2 == 1).Select(slot => pages[(int)slot])]);
        await server.AssertSoundAsync();
    }
}
