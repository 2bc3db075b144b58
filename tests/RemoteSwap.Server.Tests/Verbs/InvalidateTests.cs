using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Verbs;

/// <summary>Pages are forgotten by slot, by range and by area, and nothing else is.</summary>
public sealed class InvalidateTests
{
    private const ulong AreaSlots = 1UL << 28;

    [Fact]
    public async Task SlotsAreForgottenAndTheirNeighboursStay()
    {
        await using TestServer server = await TestServer.StartAsync();
        await StoreAnyAsync(server, Batch.Slots(6));

        InvalidateResponse response = await server.Pages.InvalidateAsync(Batch.Invalidate(1, 3, 1, 99));

        Assert.Equal(
            [InvalidateOutcome.Invalidated, InvalidateOutcome.Invalidated, InvalidateOutcome.NotFound,
                InvalidateOutcome.NotFound],
            response.Outcomes);
        await server.AssertEmptyAsync([1, 3]);
        await AssertAnyAsync(server, [0, 2, 4, 5]);
        Assert.Equal(2UL, (await server.StatisticsAsync()).Invalidations);
    }

    [Fact]
    public async Task NewerPageOutlivesAnOlderInvalidation()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.StoreOneAsync(1, PageKinds.Text(1), generation: 5);
        InvalidateRequest request = Batch.Invalidate(1);
        request.Generations.Add(4);
        Assert.Equal([InvalidateOutcome.Stale], (await server.Pages.InvalidateAsync(request)).Outcomes);
        await server.AssertHoldsAsync([1], [PageKinds.Text(1)]);

        request.Generations[0] = 6;
        Assert.Equal([InvalidateOutcome.Invalidated], (await server.Pages.InvalidateAsync(request)).Outcomes);
        await server.AssertEmptyAsync([1]);
    }

    [Fact]
    public async Task RangeCostsWhatIsStoredInIt()
    {
        await using TestServer server = await TestServer.StartAsync();
        ulong[] slots = [0, 255, 256, 16_383, 16_384, 70_000, 1UL << 27, AreaSlots - 1];
        await StoreAnyAsync(server, slots);

        InvalidateResponse whole = await server.Pages.InvalidateAsync(Batch.InvalidateRange(0, AreaSlots));
        Assert.Equal((ulong)slots.Length, whole.RangePages);
        Assert.Empty(whole.Outcomes);
        await server.AssertEmptyAsync(slots);

        // 512 whole areas in one call: if a range cost its length, this would not end.
        InvalidateRequest many = new() { Tenant = TestServer.TenantA };
        many.Ranges.AddRange(Enumerable.Repeat(new SlotRange { First = 0, Count = AreaSlots }, 512));
        await StoreAnyAsync(server, slots, generation: 2);
        Assert.Equal((ulong)slots.Length, (await server.Pages.InvalidateAsync(many)).RangePages);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task RangeTakesExactlyItsSlots()
    {
        await using TestServer server = await TestServer.StartAsync();
        ulong[] slots = [16_000, .. Batch.Slots(8, first: 16_380), 16_500, 16_640, 16_900];
        await StoreAnyAsync(server, slots);

        InvalidateResponse response = await server.Pages.InvalidateAsync(Batch.InvalidateRange(16_382, 260));

        Assert.Equal(8UL, response.RangePages);
        await server.AssertEmptyAsync([.. slots.Where(slot => slot is >= 16_382 and < 16_642)]);
        await AssertAnyAsync(server, [16_000, 16_380, 16_381, 16_900]);
    }

    [Fact]
    public async Task RangeAtAGenerationSparesNewerPages()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.StoreOneAsync(1, PageKinds.Text(1), generation: 5);
        await server.StoreOneAsync(2, PageKinds.Text(2), generation: 6);
        await server.StoreOneAsync(3, PageKinds.Text(3), generation: 7);
        InvalidateRequest request = Batch.InvalidateRange(0, 100);
        request.RangesGeneration = 6;

        Assert.Equal(2UL, (await server.Pages.InvalidateAsync(request)).RangePages);

        await server.AssertHoldsAsync([3], [PageKinds.Text(3)]);
        await server.AssertEmptyAsync([1, 2]);
    }

    [Fact]
    public async Task SlotsAndRangesGoTogether()
    {
        await using TestServer server = await TestServer.StartAsync();
        await StoreAnyAsync(server, Batch.Slots(10));
        InvalidateRequest request = Batch.Invalidate(0, 9);
        request.Ranges.Add(new SlotRange { First = 2, Count = 3 });
        request.Ranges.Add(new SlotRange { First = 4, Count = 2 });

        InvalidateResponse response = await server.Pages.InvalidateAsync(request);

        Assert.Equal([InvalidateOutcome.Invalidated, InvalidateOutcome.Invalidated], response.Outcomes);
        Assert.Equal(4UL, response.RangePages);
        await AssertAnyAsync(server, [1, 6, 7, 8]);
    }

    [Fact]
    public async Task AreaIsEmptiedAndItsMemoryIsFree()
    {
        await using TestServer server = await TestServer.StartAsync();
        ulong[] slots = [.. Batch.Slots(200), .. Batch.Slots(100, first: 1 << 20), AreaSlots - 1];
        await StoreAnyAsync(server, slots);
        await server.Pages.StoreAsync(Batch.Store(5, PageKinds.Text(50), area: 1));
        ulong otherArea = (await server.StatisticsAsync()).StoredPages - (ulong)slots.Length;
        Assert.Equal(1UL, otherArea);

        InvalidateAreaResponse response =
            await server.Pages.InvalidateAreaAsync(new InvalidateAreaRequest { Tenant = TestServer.TenantA });

        Assert.Equal((ulong)slots.Length, response.Pages);
        await server.AssertEmptyAsync(slots);
        await server.AssertHoldsAsync([5], [PageKinds.Text(50)], area: 1);
        TenantStatistics figures = await server.StatisticsAsync();
        Assert.Equal((1UL, 1UL, 0UL), (figures.StoredPages, figures.PoolFrames, figures.SameFilledPages));
        Assert.Equal((ulong)slots.Length, figures.Invalidations);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task AreaAtAGenerationSparesNewerPages()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.StoreOneAsync(1, PageKinds.Text(1), generation: 5);
        await server.StoreOneAsync(2, PageKinds.Text(2), generation: 6);
        InvalidateAreaRequest request = new() { Tenant = TestServer.TenantA, Generation = 5 };

        Assert.Equal(1UL, (await server.Pages.InvalidateAreaAsync(request)).Pages);

        await server.AssertHoldsAsync([2], [PageKinds.Text(2)]);
        await server.AssertEmptyAsync([1]);
    }

    private static async Task StoreAnyAsync(TestServer server, ulong[] slots, ulong generation = 1) =>
        await server.Pages.StoreAsync(
            Batch.Store(slots, [.. slots.Select(slot => PageKinds.Any((int)slot))], generation));

    private static Task AssertAnyAsync(TestServer server, ulong[] slots) =>
        server.AssertHoldsAsync(slots, [.. slots.Select(slot => PageKinds.Any((int)slot))]);
}
