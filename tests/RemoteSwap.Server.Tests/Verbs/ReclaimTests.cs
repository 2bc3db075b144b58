using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Verbs;

/// <summary>Reclaim frees frames where their pages have a place to go, and only there.</summary>
public sealed class ReclaimTests
{
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(60);
    private static readonly ulong[] s_slots = Batch.Slots(120);
    private static readonly byte[][] s_pages = [.. s_slots.Select(slot => PageKinds.Any((int)slot))];

    [Fact]
    public async Task WithoutAPlaceToGoNothingIsReclaimed()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.WithoutScrubber);
        await server.Pages.StoreAsync(Batch.Store(s_slots, s_pages));
        TenantStatistics before = await server.StatisticsAsync();

        ReclaimResponse response = await server.Pages.ReclaimAsync(Request(10));

        Assert.Equal(ReclaimOutcome.NothingToReclaim, response.Outcome);
        Assert.Equal((0u, 0UL), (response.FramesFreed, response.PagesWrittenBack));
        Assert.Contains("writeback target", response.Detail);
        Assert.Equal(before, await server.StatisticsAsync());
        await server.AssertHoldsAsync(s_slots, s_pages);
    }

    [Fact]
    public async Task ReclaimedPagesComeBackFromTheSpillFile()
    {
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(folder.Settings("8MiB"));
        await server.Pages.StoreAsync(Batch.Store(s_slots, s_pages));
        TenantStatistics before = await server.StatisticsAsync();

        ReclaimResponse response = await server.Pages.ReclaimAsync(Request(20));

        Assert.Equal((ReclaimOutcome.Freed, 20u), (response.Outcome, response.FramesFreed));
        Assert.InRange(response.PagesWrittenBack, 20UL, 40UL);
        TenantStatistics after = await server.StatisticsAsync();
        Assert.Equal(before.PoolFrames - 20, after.PoolFrames);
        Assert.Equal(before.StoredPages, after.StoredPages);
        Assert.Equal(response.PagesWrittenBack, after.SpilledPages);
        Assert.Equal((response.PagesWrittenBack, 20UL), (after.WrittenBackPages, after.ReclaimedFrames));
        Assert.True(after.UsedBytes < before.UsedBytes);
        ListTenantsResponse all = await server.Admin.ListTenantsAsync(new ListTenantsRequest());
        Assert.Equal(20UL * 4096, all.Server.SpillUsedBytes);

        await server.AssertHoldsAsync(s_slots, s_pages);
        Assert.Equal(response.PagesWrittenBack, (await server.StatisticsAsync()).SpillLoads);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task SpilledPagesAreReplacedForgottenAndHandedOverLikeOthers()
    {
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(folder.Settings("8MiB"));
        await server.Pages.StoreAsync(Batch.Store(s_slots, s_pages));
        await server.Pages.ReclaimAsync(Request(1000));
        Assert.Equal(0UL, (await server.StatisticsAsync()).PoolFrames);

        Assert.Equal(StoreOutcome.Stored, await server.StoreOneAsync(0, PageKinds.Text(500), generation: 2));
        Assert.Equal(StoreOutcome.Stale, await server.StoreOneAsync(1, PageKinds.Text(1), generation: 1));
        await server.Pages.InvalidateAsync(Batch.Invalidate(2));
        InvalidateRequest acknowledge = Batch.Invalidate(4);
        LoadResponse handedOver = await server.Pages.LoadAsync(Batch.Load([4], exclusive: true));
        acknowledge.Generations.Add(handedOver.Generations);
        acknowledge.AcknowledgeLoad = true;
        Assert.Equal([InvalidateOutcome.Invalidated], (await server.Pages.InvalidateAsync(acknowledge)).Outcomes);

        await server.AssertHoldsAsync([0, 1, 5], [PageKinds.Text(500), s_pages[1], s_pages[5]]);
        await server.AssertEmptyAsync([2, 4]);
        await server.AssertSoundAsync();

        await server.Pages.InvalidateAreaAsync(new InvalidateAreaRequest { Tenant = TestServer.TenantA });
        ListTenantsResponse all = await server.Admin.ListTenantsAsync(new ListTenantsRequest());
        Assert.Equal(0UL, all.Server.SpillUsedBytes);
    }

    // A place of the spill file that held a headless frame is used again for a frame of two zpages, and the other way.
    [Fact]
    public async Task PlaceOfTheSpillFileIsUsedAgainForAFrameOfAnotherKind()
    {
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(
            [.. folder.Settings("64KiB"), "--Spill:Promote=Never"]);
        for (ulong generation = 1; generation <= 6; generation++)
        {
            ulong[] slots = Batch.Slots(16);
            byte[][] pages =
                [.. slots.Select(s => generation % 2 == 1 ? PageKinds.Noise((int)s) : PageKinds.Text((int)s))];
            await server.Pages.StoreAsync(Batch.Store(slots, pages, generation));
            await server.Pages.ReclaimAsync(Request(1000));
            Assert.Equal(16UL, (await server.StatisticsAsync()).SpilledPages);
            await server.AssertHoldsAsync(slots, pages);
        }

        await server.AssertSoundAsync();
    }

    // A batch may name one slot many times; that must not wear anything out.
    [Fact]
    public async Task SpilledPageIsLoadedFiveHundredTimesInOneBatch()
    {
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(folder.Settings("8MiB"));
        await server.StoreOneAsync(9, PageKinds.Text(9));
        await server.Pages.ReclaimAsync(Request(1));
        ulong[] slots = [.. Enumerable.Repeat(9UL, 512)];
        byte[][] pages = [.. Enumerable.Repeat(PageKinds.Text(9), 512)];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.AssertHoldsAsync(slots, pages)));

        Assert.False((await server.StatisticsAsync()).Poisoned);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task FullSpillFileIsSaidAndNothingIsLost()
    {
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(folder.Settings("40KiB"));
        await server.Pages.StoreAsync(Batch.Store(s_slots, s_pages));

        ReclaimResponse response = await server.Pages.ReclaimAsync(Request(1000));

        Assert.Equal((ReclaimOutcome.TryAgain, 10u), (response.Outcome, response.FramesFreed));
        Assert.Contains("full", response.Detail);
        await server.AssertHoldsAsync(s_slots, s_pages);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task NoRetryReclaimsNothing()
    {
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(folder.Settings("8MiB"));
        await server.Pages.StoreAsync(Batch.Store(s_slots, s_pages));
        ReclaimRequest request = Request(1);
        request.Retries = 0;

        Assert.Equal(ReclaimOutcome.NothingToReclaim, (await server.Pages.ReclaimAsync(request)).Outcome);
        Assert.Equal(0UL, (await server.StatisticsAsync()).SpilledPages);
    }

    // Four times the memory there is: refused Stores wake the shrinker, which makes room, and all pages find a place.
    [Fact]
    public async Task FullPoolSpillsInTheBackgroundAndOpensAgain()
    {
        using SpillFolder folder = new();
        await using TestServer server = await TestServer.StartAsync([.. folder.Settings("16MiB"), "--limit=1MiB"]);
        ulong[] slots = Batch.Slots(1000);
        byte[][] pages = [.. slots.Select(slot => PageKinds.Noise((int)slot))];
        using CancellationTokenSource bound = new(s_liveness);
        for (int i = 0; i < slots.Length; i++)
        {
            ulong generation = 1;
            while (await server.StoreOneAsync(slots[i], pages[i], generation) != StoreOutcome.Stored)
            {
                generation++;
                await Task.Delay(2, bound.Token);
            }
        }

        foreach (ulong[] batch in slots.Chunk(250))
        {
            await server.AssertHoldsAsync(batch, [.. batch.Select(slot => pages[(int)slot])]);
        }

        TenantStatistics figures = await server.StatisticsAsync();
        Assert.Equal(1000UL, figures.StoredPages);
        Assert.True(figures.SpilledPages > 500, $"{figures.SpilledPages} pages are spilled");
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task SpillFileIsPrivateAndGoneAtTheEnd()
    {
        using SpillFolder folder = new();
        await using (TestServer server = await TestServer.StartAsync(folder.Settings("8MiB")))
        {
            await server.Pages.StoreAsync(Batch.Store(s_slots, s_pages));
            await server.Pages.ReclaimAsync(Request(5));
            Assert.True(File.Exists(folder.File));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File));
            }
        }

        Assert.False(File.Exists(folder.File));
    }

    private static ReclaimRequest Request(uint frames) =>
        new() { Tenant = TestServer.TenantA, TargetFrames = frames, Retries = 8 };
}
