using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Evictions;

/// <summary>The Evictions stream as a client of any language sees it.</summary>
public sealed class EvictionStreamTests
{
    private const uint Area = 2;
    private const int Pages = 8;
    private static readonly ulong[] s_slots = Batch.Slots(Pages);
    private static readonly byte[][] s_pages = [.. Enumerable.Range(0, Pages).Select(PageKinds.Noise)];

    [Fact]
    public async Task APageIsForgottenWhenItIsAcknowledgedAndAnswersEvictedUntilItsSlotIsUsedAgain()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.WithoutScrubber);
        ulong epoch = await AttachAsync(server, AttachMode.Exclusive);
        await StoreAsync(server, epoch);
        using AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> stream = Open(server);
        Assert.Equal(256U, (await BeginAsync(stream, epoch)).Welcome.MaxPages);
        await stream.RequestStream.WriteAsync(new EvictionsRequest { Credit = new EvictionsCredit { Pages = Pages } });
        (EvictedPages sent, Task<ReclaimResponse> reclaim) = await ReclaimAsync(server, stream);

        // Until it is acknowledged, a page is where it was.
        Assert.Equal(s_slots, sent.Slots.Order());
        Assert.Equal(sent.Zpages.Length, (int)sent.Sizes.Sum(size => size));
        await AssertLoadsAsync(server, epoch, LoadOutcome.Loaded, s_slots);
        Assert.Equal((ulong)Pages, (await server.StatisticsAsync()).EvictionsOutstanding);

        // All but the first two: that one is stored anew, and the other refused.
        await server.Pages.StoreAsync(Request(epoch, [sent.Slots[0]], [s_pages[0]], generation: 2));
        await AnswerAsync(
            stream, sent, i => i == 1 ? EvictionOutcome.Refused : EvictionOutcome.Taken);
        ReclaimResponse reclaimed = await reclaim;
        Assert.Equal(((uint)Pages - 1, (ulong)Pages - 2), (reclaimed.FramesFreed, reclaimed.PagesWrittenBack));
        await AssertLoadsAsync(server, epoch, LoadOutcome.Loaded, sent.Slots.Take(2));
        LoadResponse evicted = await AssertLoadsAsync(server, epoch, LoadOutcome.Evicted, sent.Slots.Skip(2));
        Assert.Equal(sent.Generations.Skip(2), evicted.Generations);
        Assert.Equal(sent.PageChecksums.Skip(2), evicted.PageChecksums);
        Assert.All(evicted.Sizes, size => Assert.Equal(0U, size));
        TenantStatistics figures = await server.StatisticsAsync();
        Assert.Equal(
            (Pages - 2UL, 0UL, Pages - 2UL, 1UL, 1UL, Pages - 2UL, 2UL),
            (figures.EvictedPages, figures.EvictionsOutstanding, figures.EvictionsTaken, figures.EvictionsSuperseded,
                figures.EvictionsFailed, figures.EvictedLoads, figures.StoredPages));

        AreaService.AreaServiceClient areas = new(server.Channel);
        ListPagesResponse listed = await areas.ListPagesAsync(
            new ListPagesRequest { Tenant = TestServer.TenantA, Area = Area, AttachEpoch = epoch, MaxPages = 100 });
        Assert.Equal(s_slots, listed.Slots);
        Assert.Equal(s_slots.Select(slot => !sent.Slots.Take(2).Contains(slot)), listed.IsEvicted);

        await server.Pages.InvalidateAsync(new InvalidateRequest
        {
            Tenant = TestServer.TenantA,
            Area = Area,
            AttachEpoch = epoch,
            Slots = { s_slots },
        });
        await AssertLoadsAsync(server, epoch, LoadOutcome.NotFound, s_slots);
        Assert.Equal(0UL, (await server.StatisticsAsync()).EvictedPages);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task WhoeverIsFencedIsToldWhileTheStreamIsOpenAndItsAcknowledgementHasNoEffect()
    {
        await using TestServer server = await TestServer.StartAsync();
        ulong epoch = await AttachAsync(server, AttachMode.Exclusive);
        await StoreAsync(server, epoch);
        using AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> stream = Open(server);
        await BeginAsync(stream, epoch);
        await stream.RequestStream.WriteAsync(new EvictionsRequest { Credit = new EvictionsCredit { Pages = Pages } });
        (EvictedPages sent, Task<ReclaimResponse> reclaim) = await ReclaimAsync(server, stream);

        ulong second = await AttachAsync(server, AttachMode.TakeOver);

        Assert.Equal(0U, (await reclaim).FramesFreed);
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.True(stream.ResponseStream.Current.End.Fenced);
        await AssertLoadsAsync(server, second, LoadOutcome.Loaded, sent.Slots);

        // A new stream of the former owner does not begin.
        using AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> late = Open(server);
        Assert.True((await BeginAsync(late, epoch)).End.Fenced);
        Assert.False(await late.ResponseStream.MoveNext(CancellationToken.None));
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task AStreamThatBreaksCostsNothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        ulong epoch = await AttachAsync(server, AttachMode.Exclusive);
        await StoreAsync(server, epoch);
        Task<ReclaimResponse> reclaim;
        using (AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> stream = Open(server))
        {
            await BeginAsync(stream, epoch);
            await stream.RequestStream.WriteAsync(
                new EvictionsRequest { Credit = new EvictionsCredit { Pages = Pages } });
            (_, reclaim) = await ReclaimAsync(server, stream);
        }

        Assert.Equal(0U, (await reclaim).FramesFreed);
        await AssertLoadsAsync(server, epoch, LoadOutcome.Loaded, s_slots);
        Assert.Equal(0UL, (await server.StatisticsAsync()).EvictionsOutstanding);
        await server.AssertSoundAsync();
    }

    [Theory]
    [InlineData("begin again")]
    [InlineData("no credit")]
    [InlineData("too much credit")]
    [InlineData("nothing acknowledged")]
    [InlineData("columns")]
    [InlineData("outcome")]
    public async Task WhatIsWrongEndsTheStreamByName(string what)
    {
        await using TestServer server = await TestServer.StartAsync();
        ulong epoch = await AttachAsync(server, AttachMode.Exclusive);
        using AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> stream = Open(server);
        await BeginAsync(stream, epoch);

        await stream.RequestStream.WriteAsync(what switch
        {
            "begin again" => new EvictionsRequest { Begin = new EvictionsBegin() },
            "no credit" => new EvictionsRequest { Credit = new EvictionsCredit() },
            "too much credit" => new EvictionsRequest { Credit = new EvictionsCredit { Pages = 257 } },
            "nothing acknowledged" => new EvictionsRequest { Acknowledgement = new EvictionsAcknowledgement() },
            "columns" => new EvictionsRequest { Acknowledgement = new EvictionsAcknowledgement { Slots = { 1 } } },
            _ => new EvictionsRequest
            {
                Acknowledgement = new EvictionsAcknowledgement
                {
                    Slots = { 1 },
                    Generations = { 1 },
                    Outcomes = { (EvictionOutcome)9 },
                },
            },
        });

        RpcException failed = await Assert.ThrowsAsync<RpcException>(
            () => stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Contains(failed.StatusCode, new[] { StatusCode.InvalidArgument, StatusCode.OutOfRange });
        await server.AssertSoundAsync();
    }

    private static AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> Open(TestServer server) =>
        new EvictionService.EvictionServiceClient(server.Channel).Evictions();

    private static async Task<ulong> AttachAsync(TestServer server, AttachMode mode) =>
        (await new AreaService.AreaServiceClient(server.Channel).AttachAsync(new AttachRequest
        {
            Tenant = TestServer.TenantA,
            Area = Area,
            Mode = mode,
            SessionToken = ByteString.CopyFrom(Guid.NewGuid().ToByteArray()),
        })).AttachEpoch;

    private static async Task<EvictionsResponse> BeginAsync(
        AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> stream, ulong epoch)
    {
        EvictionsBegin begin = new() { Tenant = TestServer.TenantA, Area = Area, AttachEpoch = epoch };
        await stream.RequestStream.WriteAsync(new EvictionsRequest { Begin = begin });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        return stream.ResponseStream.Current;
    }

    private static async Task<EvictedPages> PagesAsync(
        AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> stream)
    {
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        return stream.ResponseStream.Current.Pages;
    }

    private static Task AnswerAsync(
        AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> stream,
        EvictedPages sent,
        Func<int, EvictionOutcome> answer)
    {
        EvictionsAcknowledgement answers = new()
        {
            Slots = { sent.Slots },
            Generations = { sent.Generations },
            Outcomes = { Enumerable.Range(0, sent.Slots.Count).Select(answer) },
        };
        return stream.RequestStream.WriteAsync(new EvictionsRequest { Acknowledgement = answers });
    }

    // Until pages come: the server may not have read the credit yet, and then there is nobody to hand any to.
    private static async Task<(EvictedPages Sent, Task<ReclaimResponse> Reclaim)> ReclaimAsync(
        TestServer server, AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> stream)
    {
        Task<EvictedPages> sent = PagesAsync(stream);
        Task<ReclaimResponse> reclaim;
        do
        {
            reclaim = server.Pages.ReclaimAsync(
                new ReclaimRequest { Tenant = TestServer.TenantA, TargetFrames = Pages, Retries = 1 }).ResponseAsync;
            await Task.WhenAny(sent, reclaim);
        }
        while (!sent.IsCompleted);
        return (await sent, reclaim);
    }

    private static async Task StoreAsync(TestServer server, ulong epoch) => Assert.All(
        (await server.Pages.StoreAsync(Request(epoch, s_slots, s_pages, generation: 1))).Outcomes,
        outcome => Assert.Equal(StoreOutcome.Stored, outcome));

    private static StoreRequest Request(ulong epoch, ulong[] slots, byte[][] pages, ulong generation)
    {
        StoreRequest request = Batch.Store(slots, pages, generation, area: Area);
        request.AttachEpoch = epoch;
        return request;
    }

    private static async Task<LoadResponse> AssertLoadsAsync(
        TestServer server, ulong epoch, LoadOutcome outcome, IEnumerable<ulong> slots)
    {
        LoadRequest request = Batch.Load(slots, area: Area);
        request.AttachEpoch = epoch;
        LoadResponse response = await server.Pages.LoadAsync(request);
        Assert.All(response.Outcomes, found => Assert.Equal(outcome, found));
        return response;
    }
}
