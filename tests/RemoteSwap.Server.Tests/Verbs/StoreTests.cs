using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Verbs;

/// <summary>Store and Load over the wire: what is stored is what is loaded, in the order of generations.</summary>
public sealed class StoreTests
{
    [Fact]
    public async Task PagesOfAllKindsComeBack()
    {
        await using TestServer server = await TestServer.StartAsync();
        ulong[] slots = [.. Batch.Slots(300), (1UL << 28) - 1, 1UL << 20];
        byte[][] pages = [.. slots.Select((_, i) => PageKinds.Any(i))];

        StoreResponse response = await server.Pages.StoreAsync(Batch.Store(slots, pages));

        Assert.Equal(
            pages.Select((_, i) => i % 4 == 3 ? StoreOutcome.SameFilled : StoreOutcome.Stored), response.Outcomes);
        Assert.InRange(response.UsagePermille, 0u, 1000u);
        await server.AssertHoldsAsync(slots, pages);
        await server.AssertHoldsAsync([.. slots.Reverse()], [.. pages.Reverse()]);
        await server.AssertSoundAsync();
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(0xFFFF_FFFFUL)]
    [InlineData(0x1_0000_0000UL)]
    [InlineData(0x8000_0000_0000_0000UL)]
    [InlineData(ulong.MaxValue)]
    public async Task SameFilledPageCostsNoFrame(ulong word)
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal(StoreOutcome.SameFilled, await server.StoreOneAsync(3, PageKinds.Filled(word)));

        await server.AssertHoldsAsync([3], [PageKinds.Filled(word)]);
        TenantStatistics figures = await server.StatisticsAsync();
        Assert.Equal((1UL, 1UL, 0UL), (figures.StoredPages, figures.SameFilledPages, figures.PoolFrames));
    }

    [Fact]
    public async Task NewerGenerationReplacesAndOlderIsStale()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(StoreOutcome.Stored, await server.StoreOneAsync(3, PageKinds.Text(1), generation: 5));
        Assert.Equal(StoreOutcome.Stored, await server.StoreOneAsync(3, PageKinds.Noise(2), generation: 7));

        Assert.Equal(StoreOutcome.Stale, await server.StoreOneAsync(3, PageKinds.Text(3), generation: 6));

        await server.AssertHoldsAsync([3], [PageKinds.Noise(2)]);
        TenantStatistics figures = await server.StatisticsAsync();
        Assert.Equal((2UL, 1UL, 1UL), (figures.Stores, figures.DuplicateEntry, figures.Stale));
        Assert.Equal(1UL, figures.StoredPages);
    }

    [Fact]
    public async Task BlockThatItsSenderVouchesForIsKeptAsItIs()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] noBlock = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        StoreRequest request = Batch.StoreZpage(3, Encoding.Lz4, noBlock);
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Pages.StoreAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);

        request.BlocksVouched = true;
        StoreResponse response = await server.Pages.StoreAsync(request);

        Assert.Equal(StoreOutcome.Stored, Assert.Single(response.Outcomes));
        LoadResponse loaded = await server.Pages.LoadAsync(Batch.Load([3]));
        Assert.Equal(noBlock, loaded.Zpages);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task RepeatedCallIsAcknowledgedAgainWithoutEffect()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.WithoutScrubber);
        ulong[] slots = [1, 2, 3];
        byte[][] pages = [PageKinds.Text(1), PageKinds.Noise(2), PageKinds.Filled(ulong.MaxValue - 3)];
        StoreRequest request = Batch.Store(slots, pages, generation: 5);
        StoreResponse first = await server.Pages.StoreAsync(request);
        TenantStatistics before = await server.StatisticsAsync();

        StoreResponse second = await server.Pages.StoreAsync(request);

        Assert.Equal(first.Outcomes, second.Outcomes);
        Assert.Equal(before, await server.StatisticsAsync());
        await server.AssertHoldsAsync(slots, pages);
    }

    [Fact]
    public async Task EqualGenerationWithAnotherPageIsStale()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.StoreOneAsync(3, PageKinds.Text(1), generation: 5);
        await server.StoreOneAsync(4, PageKinds.Filled(1), generation: 5);

        Assert.Equal(StoreOutcome.Stale, await server.StoreOneAsync(3, PageKinds.Text(2), generation: 5));
        Assert.Equal(StoreOutcome.Stale, await server.StoreOneAsync(4, PageKinds.Filled(2), generation: 5));
        Assert.Equal(StoreOutcome.Stale, await server.StoreOneAsync(4, PageKinds.Text(4), generation: 5));

        await server.AssertHoldsAsync([3, 4], [PageKinds.Text(1), PageKinds.Filled(1)]);
    }

    [Fact]
    public async Task SlotTwiceInABatchIsCarriedOutInOrder()
    {
        await using TestServer server = await TestServer.StartAsync();
        StoreRequest request = Batch.Store([3, 3, 3], [PageKinds.Text(1), PageKinds.Noise(2), PageKinds.Text(3)]);
        request.Generations.Clear();
        request.PageChecksums.Clear();

        StoreResponse response = await server.Pages.StoreAsync(request);

        Assert.Equal([StoreOutcome.Stored, StoreOutcome.Stored, StoreOutcome.Stored], response.Outcomes);
        LoadResponse loaded = await server.Pages.LoadAsync(Batch.Load([3, 3]));
        byte[] page = new byte[PageSize.Bytes];
        Assert.Equal(
            ZpageFault.None, PageCodec.Default.Decode(
                ZpageEncoding.Lz4, loaded.Zpages.Span[..(int)loaded.Sizes[0]], page));
        Assert.Equal(PageKinds.Text(3), page);
        Assert.Equal([3UL, 3UL], loaded.Generations);
        Assert.Equal([0u, 0u], loaded.PageChecksums);
    }

    [Fact]
    public async Task MissIsAnOutcomeBetweenPages()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Pages.StoreAsync(Batch.Store([1, 3], [PageKinds.Text(1), PageKinds.Noise(3)]));

        LoadResponse response = await server.Pages.LoadAsync(Batch.Load([0, 1, 2, 3, 4]));

        Assert.Equal(
            [LoadOutcome.NotFound, LoadOutcome.Loaded, LoadOutcome.NotFound, LoadOutcome.Loaded, LoadOutcome.NotFound],
            response.Outcomes);
        Assert.Equal((0u, 0UL, 0u), (response.Sizes[2], response.Generations[2], response.PageChecksums[2]));
        Assert.Equal(Encoding.Unspecified, response.Encodings[2]);
        Assert.Equal((int)(response.Sizes[1] + response.Sizes[3]), response.Zpages.Length);
        TenantStatistics figures = await server.StatisticsAsync();
        Assert.Equal((2UL, 3UL), (figures.Loads, figures.LoadMisses));
    }

    [Fact]
    public async Task ServerEncodesRawPagesThatAskForIt()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[][] pages = [PageKinds.Text(1), PageKinds.Noise(2), PageKinds.Filled(9)];
        StoreRequest request = RawStore([1, 2, 3], pages);
        request.Encode = true;

        StoreResponse response = await server.Pages.StoreAsync(request);

        Assert.Equal([StoreOutcome.Stored, StoreOutcome.Stored, StoreOutcome.SameFilled], response.Outcomes);
        LoadResponse loaded = await server.Pages.LoadAsync(Batch.Load([1, 2, 3]));
        Assert.Equal([Encoding.Lz4, Encoding.Raw, Encoding.Fill], loaded.Encodings);
        await server.AssertHoldsAsync([1, 2, 3], pages);
    }

    [Fact]
    public async Task RawPagesThatDoNotAskStayRaw()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[][] pages = [PageKinds.Text(1), PageKinds.Filled(9)];

        await server.Pages.StoreAsync(RawStore([1, 3], pages));

        LoadResponse loaded = await server.Pages.LoadAsync(Batch.Load([1, 3]));
        Assert.Equal([Encoding.Raw, Encoding.Raw], loaded.Encodings);
        await server.AssertHoldsAsync([1, 3], pages);
        TenantStatistics figures = await server.StatisticsAsync();
        Assert.Equal((2UL, 2UL), (figures.HeadlessFrames, figures.StoredIncompressiblePages));
    }

    [Fact]
    public async Task BatchOfWhichOnePageIsRefusedLeavesNothingIfItMustBeWhole()
    {
        await using TestServer server =
            await TestServer.StartAsync($"--Tenants:{TestServer.TenantA}:Incompressible=Reject");
        ulong[] slots = [1, 2, 3];
        await server.Pages.StoreAsync(
            Batch.Store(slots, [PageKinds.Text(1), PageKinds.Text(2), PageKinds.Text(3)], generation: 1));
        byte[][] pages = [PageKinds.Text(4), PageKinds.Noise(5), PageKinds.Filled(6)];
        StoreRequest request = Batch.Store(slots, pages, generation: 2);
        request.AllOrNothing = true;

        StoreResponse whole = await server.Pages.StoreAsync(request);

        Assert.Equal([StoreOutcome.BatchAborted, StoreOutcome.CompressPoor, StoreOutcome.BatchAborted], whole.Outcomes);
        await server.AssertEmptyAsync(slots);

        request = Batch.Store(slots, pages, generation: 3);
        StoreResponse single = await server.Pages.StoreAsync(request);
        Assert.Equal([StoreOutcome.Stored, StoreOutcome.CompressPoor, StoreOutcome.SameFilled], single.Outcomes);
        await server.AssertHoldsAsync([1, 3], [pages[0], pages[2]]);
        Assert.Equal(2UL, (await server.StatisticsAsync()).RejectCompressPoor);
        await server.AssertSoundAsync();
    }

    private static StoreRequest RawStore(ulong[] slots, byte[][] pages) => new()
    {
        Tenant = TestServer.TenantA,
        Slots = { slots },
        Generations = { slots.Select(_ => 1UL) },
        Sizes = { pages.Select(page => (uint)page.Length) },
        Encodings = { pages.Select(_ => Encoding.Raw) },
        ZpageChecksums = { pages.Select(page => PageChecksum.OfZpage(page)) },
        PageChecksums = { pages.Select((page, i) => PageChecksum.OfPage(page, 0, slots[i], 1)) },
        Zpages = ByteString.CopyFrom([.. pages.SelectMany(page => page)]),
    };
}
