using Grpc.Core;
using Grpc.Net.Client;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Verbs;

/// <summary>A page that is handed over goes only when the client says that it has arrived.</summary>
public sealed class ExclusiveLoadTests
{
    private static readonly ulong[] s_slots = [1, 2, 3];
    private static readonly byte[][] s_pages = [PageKinds.Text(1), PageKinds.Noise(2), PageKinds.Filled(3)];

    [Fact]
    public async Task PageStaysUntilItsArrivalIsAcknowledged()
    {
        await using TestServer server = await StartAsync();
        LoadRequest request = Batch.Load(s_slots, exclusive: true);
        LoadedPages.AssertPages(await server.Pages.LoadAsync(request), request, s_pages);
        Assert.Equal(3UL, (await server.StatisticsAsync()).ExclusivePending);

        // A reply that was lost is asked for again.
        LoadResponse again = await server.Pages.LoadAsync(request);
        LoadedPages.AssertPages(again, request, s_pages);
        Assert.Equal(3UL, (await server.StatisticsAsync()).ExclusivePending);

        InvalidateResponse acknowledged = await server.Pages.InvalidateAsync(Acknowledge(again.Generations));
        Assert.Equal(Enumerable.Repeat(InvalidateOutcome.Invalidated, 3), acknowledged.Outcomes);
        await server.AssertEmptyAsync(s_slots);
        TenantStatistics figures = await server.StatisticsAsync();
        Assert.Equal((0UL, 0UL), (figures.ExclusivePending, figures.StoredPages));

        InvalidateResponse repeated = await server.Pages.InvalidateAsync(Acknowledge(again.Generations));
        Assert.Equal(Enumerable.Repeat(InvalidateOutcome.NotFound, 3), repeated.Outcomes);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task NewerPageSurvivesTheAcknowledgementOfTheOldOne()
    {
        await using TestServer server = await StartAsync();
        LoadResponse loaded = await server.Pages.LoadAsync(Batch.Load(s_slots, exclusive: true));
        await server.StoreOneAsync(2, PageKinds.Text(9), generation: 6);

        InvalidateResponse acknowledged = await server.Pages.InvalidateAsync(Acknowledge(loaded.Generations));

        Assert.Equal(
            [InvalidateOutcome.Invalidated, InvalidateOutcome.Stale, InvalidateOutcome.Invalidated],
                acknowledged.Outcomes);
        await server.AssertHoldsAsync([2], [PageKinds.Text(9)]);
        await server.AssertEmptyAsync([1, 3]);
        Assert.Equal(0UL, (await server.StatisticsAsync()).ExclusivePending);
    }

    [Fact]
    public async Task PageThatWasNotHandedOverIsNotAcknowledged()
    {
        await using TestServer server = await StartAsync();
        InvalidateResponse response = await server.Pages.InvalidateAsync(Acknowledge([5, 5, 5]));
        Assert.Equal(Enumerable.Repeat(InvalidateOutcome.Stale, 3), response.Outcomes);

        await server.Pages.LoadAsync(Batch.Load(s_slots, exclusive: true));
        response = await server.Pages.InvalidateAsync(Acknowledge([4, 6, 4]));
        Assert.Equal(Enumerable.Repeat(InvalidateOutcome.Stale, 3), response.Outcomes);
        await server.AssertHoldsAsync(s_slots, s_pages);
    }

    [Fact]
    public async Task PageStaysWhenTheConnectionDropsAfterTheReply()
    {
        await using TestServer server = await StartAsync();
        using (GrpcChannel channel = server.OpenChannel())
        {
            PageStoreService.PageStoreServiceClient client = new(channel);
            LoadRequest request = Batch.Load(s_slots, exclusive: true);
            LoadedPages.AssertPages(await client.LoadAsync(request), request, s_pages);
        }

        await server.AssertHoldsAsync(s_slots, s_pages);
    }

    [Fact]
    public async Task PageStaysWhenTheCallIsGivenUp()
    {
        await using TestServer server = await StartAsync();
        LoadRequest request = Batch.Load(s_slots, exclusive: true);
        for (int attempt = 0; attempt < 50; attempt++)
        {
            using CancellationTokenSource cancellation = new();
            AsyncUnaryCall<LoadResponse> call = server.Pages.LoadAsync(request, cancellationToken: cancellation.Token);
            await Task.Delay(attempt % 5);
            await cancellation.CancelAsync();
            _ = await Record.ExceptionAsync(() => call.ResponseAsync);
        }

        await server.AssertHoldsAsync(s_slots, s_pages);
        await server.AssertSoundAsync();
    }

    private static async Task<TestServer> StartAsync()
    {
        TestServer server = await TestServer.StartAsync();
        await server.Pages.StoreAsync(Batch.Store(s_slots, s_pages, generation: 5));
        return server;
    }

    private static InvalidateRequest Acknowledge(IEnumerable<ulong> generations)
    {
        InvalidateRequest request = Batch.Invalidate(s_slots);
        request.Generations.AddRange(generations);
        request.AcknowledgeLoad = true;
        return request;
    }
}
