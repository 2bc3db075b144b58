using Google.Rpc;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Quotas;

/// <summary>A tenant over a quota is told which, how much it has and how much it asked for, and nobody else is
/// touched.</summary>
public sealed class QuotaTests
{
    private const string PageQuota = $"--Tenants:{TestServer.TenantA}:Quotas:Pages=4";

    [Fact]
    public async Task APageQuotaRefusesPagesByOutcomeAndNotTheStream()
    {
        await using TestServer server = await TestServer.StartAsync(PageQuota);
        ulong[] slots = Batch.Slots(6);
        byte[][] pages = [.. slots.Select(slot => PageKinds.Noise((int)slot))];
        ExchangeScript script = new();
        ulong store = script.Add(Batch.Store(slots, pages));
        ulong again = script.Add(Batch.Store(0, PageKinds.Noise(9), generation: 2));
        ulong load = script.Add(Batch.Load(slots));

        ExchangeReplies replies = await script.RunAsync(server);

        Assert.Equal(0, replies.Status);
        StoreResponse refused = replies[store].Store;
        Assert.Equal(
            [.. Enumerable.Repeat(StoreOutcome.Stored, 4), .. Enumerable.Repeat(StoreOutcome.PageQuota, 2)],
            refused.Outcomes);
        Assert.Equal((4UL, 4UL), (refused.PageQuota, refused.PageQuotaUsed));
        Assert.Equal(StoreOutcome.Stored, Assert.Single(replies[again].Store.Outcomes));
        Assert.Equal(0UL, replies[again].Store.PageQuota);
        Assert.Equal(2, replies[load].Load.Outcomes.Count(outcome => outcome == LoadOutcome.NotFound));
        Assert.Equal(
            StoreOutcome.Stored, await server.StoreOneAsync(9, PageKinds.Noise(1), tenant: TestServer.TenantB));
        V1.TenantStatistics figures = await server.StatisticsAsync();
        Assert.Equal((4UL, 2UL), (figures.StoredPages, figures.QuotaUsage.PagesRefused));
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task AnAreaBeyondTheQuotaIsRefusedWithFigures()
    {
        await using TestServer server = await TestServer.StartAsync("--Quotas:Areas=1");
        AreaService.AreaServiceClient areas = new(server.Channel);
        AttachRequest attach = new()
        {
            Tenant = TestServer.TenantA,
            Area = 0,
            Mode = AttachMode.Exclusive,
            Holder = "a test",
            SessionToken = Google.Protobuf.ByteString.CopyFrom(Guid.NewGuid().ToByteArray()),
        };
        Assert.Equal(AttachOutcome.Attached, (await areas.AttachAsync(attach)).Outcome);

        AttachRequest second = attach.Clone();
        second.Area = 1;
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => areas.AttachAsync(second).ResponseAsync);

        AssertOver(refused, "QUOTA_AREAS", limit: "1", used: "1", asked: "1");
        Assert.Contains("Tenants:vm-a:Quotas:Areas", refused.Status.Detail, StringComparison.Ordinal);
        second.Tenant = TestServer.TenantB;
        Assert.Equal(AttachOutcome.Attached, (await areas.AttachAsync(second)).Outcome);
    }

    [Fact]
    public async Task CallsThatComeTooFastAreAnsweredLaterAndThoseFarTooFastAreRefused()
    {
        await using TestServer server = await TestServer.StartAsync(
            $"--Tenants:{TestServer.TenantA}:Quotas:CallsPerSecond=2",
            $"--Tenants:{TestServer.TenantA}:Quotas:CallBurst=1");
        Task<LoadResponse>[] calls =
            [.. Enumerable.Range(0, 40).Select(_ => server.Pages.LoadAsync(Batch.Load([1])).ResponseAsync)];
        RpcException[] refused =
            [.. (await Task.WhenAll(calls.Select(FailureOf))).OfType<RpcException>()];

        // One at once, five seconds' worth ahead.
        Assert.InRange(refused.Length, 20, 29);
        Assert.All(refused, one => Assert.Equal(StatusCode.ResourceExhausted, one.StatusCode));
        RpcException last = refused[^1];
        RetryInfo? retry = last.GetRpcStatus()!.GetDetail<RetryInfo>();
        Assert.InRange(retry!.RetryDelay.ToTimeSpan(), TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
        Assert.NotNull(last.Trailers.GetValue("grpc-retry-pushback-ms"));
        QuotaUsage usage = (await server.StatisticsAsync()).QuotaUsage;
        Assert.Equal(
            ((ulong)refused.Length, 40UL - 1 - (ulong)refused.Length), (usage.CallsRefused, usage.Pauses));
        Assert.Equal(0UL, usage.InFlightBytes);
        Assert.Equal(
            StoreOutcome.Stored, await server.StoreOneAsync(9, PageKinds.Noise(1), tenant: TestServer.TenantB));
    }

    [Fact]
    public async Task AStreamAheadOfItsRateIsHeldBackAndEveryRequestAnswered()
    {
        await using TestServer server = await TestServer.StartAsync(
            $"--Tenants:{TestServer.TenantA}:Quotas:CallsPerSecond=50",
            $"--Tenants:{TestServer.TenantA}:Quotas:CallBurst=10");
        ExchangeScript script = new();
        for (ulong request = 1; request <= 40; request++)
        {
            script.Add(request % 3 == 0
                ? new ExchangeRequest { Invalidate = Batch.Invalidate(request) }
                : new ExchangeRequest { Store = Batch.Store(request, PageKinds.Noise(1), generation: request) });
        }

        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        ExchangeReplies replies = await script.RunAsync(server);

        Assert.Equal(0, replies.Status);
        Assert.All(
            replies.InOrder.Skip(1),
            reply => Assert.NotEqual(ExchangeResponse.ResultOneofCase.Failure, reply.ResultCase));
        Assert.Equal(41, replies.InOrder.Count);

        // No deadline: it can not have gone faster than its rate.
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(0.5));
        QuotaUsage usage = (await server.StatisticsAsync()).QuotaUsage;
        Assert.Equal(0UL, usage.CallsRefused);
        Assert.InRange(usage.Pauses, 10UL, 30UL);
        Assert.True(usage.PausedUs > 0);
        Assert.Equal((0UL, 0UL), (usage.Streams, usage.InFlightBytes));
    }

    [Fact]
    public async Task BytesAndStreamsHaveTheirQuotasAndAFailureOnAStreamCarriesTheStatus()
    {
        await using TestServer server = await TestServer.StartAsync(
            $"--Tenants:{TestServer.TenantA}:Quotas:BytesPerSecond=4096",
            $"--Tenants:{TestServer.TenantA}:Quotas:Streams=1");
        ExchangeScript script = new();
        ulong large = script.Add(Batch.Load(Batch.Slots(64)));
        ulong other = script.Add(Batch.Load([1], TestServer.TenantB));
        ExchangeReplies replies = await script.RunAsync(server);

        Assert.Equal(0, replies.Status);
        ExchangeFailure failure = replies[large].Failure;
        Assert.Equal((int)StatusCode.ResourceExhausted, failure.Code);
        Google.Rpc.Status status = Google.Rpc.Status.Parser.ParseFrom(failure.Status);
        Assert.Equal(failure.Message, status.Message);
        ErrorInfo info = status.GetDetail<ErrorInfo>()!;
        Assert.Equal(
            ("QUOTA_BYTESPERSECOND", "4096", "0"), (info.Reason, info.Metadata["limit"], info.Metadata["used"]));
        Assert.NotNull(status.GetDetail<QuotaFailure>());
        Assert.Equal(LoadOutcome.NotFound, Assert.Single(replies[other].Load.Outcomes));

        // A stream that is open counts as long as it is.
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> open = server.Pages.Exchange();
        await open.RequestStream.WriteAsync(new ExchangeRequest { RequestId = 1, Load = Batch.Load([1]) });
        Assert.True(await open.ResponseStream.MoveNext(default) && await open.ResponseStream.MoveNext(default));
        ExchangeScript second = new();
        ulong refused = second.Add(Batch.Load([1]));
        replies = await second.RunAsync(server);
        Assert.Contains("has 1 of 1 streams", replies[refused].Failure.Message, StringComparison.Ordinal);
        await open.RequestStream.CompleteAsync();
        Assert.False(await open.ResponseStream.MoveNext(default));
        Assert.Equal(0UL, (await server.StatisticsAsync()).QuotaUsage.Streams);
    }

    [Fact]
    public async Task QuotasAreSetWhileTheServerRunsAndWhatIsNotNamedStays()
    {
        await using TestServer server = await TestServer.StartAsync("--Quotas:Streams=7", PageQuota);
        SetTenantLimitsRequest change = new()
        {
            Tenant = TestServer.TenantA,
            Quotas = new TenantQuotas { CallsPerSecond = 1000, Pages = 0 },
        };
        TenantQuotas quotas = (await server.Admin.SetTenantLimitsAsync(change)).Tenant.Quotas;
        Assert.Equal((7UL, 1000UL, 0UL), (quotas.Streams, quotas.CallsPerSecond, quotas.Pages));
        Assert.Equal((4UL, 0UL), (
            (await server.StatisticsAsync(TestServer.TenantB)).Quotas.Pages + 4, quotas.CallBurst));
        change.Quotas.Streams = ulong.MaxValue;
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => server.Admin.SetTenantLimitsAsync(change).ResponseAsync);
        Assert.StartsWith("quotas.streams: is 18446744073709551615", refused.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<RpcException?> FailureOf(Task<LoadResponse> call)
    {
        try
        {
            await call;
            return null;
        }
        catch (RpcException failure)
        {
            return failure;
        }
    }

    private static void AssertOver(RpcException refused, string reason, string limit, string used, string asked)
    {
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Google.Rpc.Status status = refused.GetRpcStatus()!;
        QuotaFailure.Types.Violation violation = Assert.Single(status.GetDetail<QuotaFailure>()!.Violations);
        Assert.Equal($"tenant '{TestServer.TenantA}'", violation.Subject);
        ErrorInfo info = status.GetDetail<ErrorInfo>()!;
        Assert.Equal(
            (reason, limit, used, asked),
            (info.Reason, info.Metadata["limit"], info.Metadata["used"], info.Metadata["asked"]));
    }
}
