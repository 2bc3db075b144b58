using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Telemetry;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using RemoteSwap.Wire;
using Xunit;

namespace RemoteSwap.Client.Tests.Telemetry;

/// <summary>
/// The spans of requests, and their context on the wire. Listening is the whole process's matter, and one test counts
/// what is allocated, so nothing else may run.
/// </summary>
[CollectionDefinition(nameof(ClientSpanTests), DisableParallelization = true)]
[Collection(nameof(ClientSpanTests))]
public sealed class ClientSpanTests : IDisposable
{
    private const string CallerName = "RemoteSwap.Client.Tests.Caller";

    private readonly ActivitySource _caller = new(CallerName);

    [Fact]
    public async Task ARequestIsASpanOfItsCallersTraceAndTheServerIsToldWhich()
    {
        using SpanWatch spans = new([ClientTelemetry.SourceName, CallerName]);
        await using FakeServer server = await FakeServer.StartAsync();
        Activity caller;
        await using (RemoteSwapConnection connection = server.Connect(streams: 1))
        {
            using (caller = _caller.StartActivity("caller")!)
            {
                await connection.Area(3).StoreAsync(Pages.Slots(3), Pages.Many(3));
                Assert.Same(caller, Activity.Current);
            }

            await connection.Area(3).LoadAsync(Pages.Slots(2), new byte[2 * 4096]);
        }

        Activity store = Assert.Single(spans.Of("remoteswap.client store"));
        Assert.Equal(ActivityKind.Client, store.Kind);
        Assert.Equal(caller.TraceId, store.TraceId);
        Assert.Equal(caller.SpanId, store.ParentSpanId);
        Assert.Equal(3, store.GetTagItem("remoteswap.pages"));
        Assert.Equal("vm7", store.GetTagItem("remoteswap.tenant"));
        Assert.Equal(3L, store.GetTagItem("remoteswap.area"));
        Assert.Equal("mixed", store.GetTagItem("remoteswap.outcome"));
        Assert.Equal(["encode", "wire", "reply"], store.Events.Select(one => one.Name));
        Assert.Equal(store.Events.OrderBy(one => one.Timestamp), store.Events);
        Assert.InRange(
            store.Events.First().Timestamp.UtcDateTime, store.StartTimeUtc, store.StartTimeUtc + store.Duration);

        // Without a caller's it is a trace of its own.
        Activity load = Assert.Single(spans.Of("remoteswap.client load"));
        Assert.NotEqual(caller.TraceId, load.TraceId);
        Assert.Equal(default, load.ParentSpanId);
        Assert.Equal(
            [ContextOf(store), ContextOf(load)],
            server.Store.Exchanges.Requests.Select(one => Convert.ToHexStringLower(one.Request.TraceContext.Span)));
    }

    [Fact]
    public async Task AGatheredBatchHasTheFirstRecordedCallerAsParentAndIsLinkedToTheOthers()
    {
        const int Count = 40;
        using SpanWatch spans = new([ClientTelemetry.SourceName, CallerName]);
        await using FakeServer server = await FakeServer.StartAsync();

        // With a clock that stands still, so that nobody's patience ends.
        await using RemoteSwapConnection connection = server.Connect(streams: 1, time: new FakeTimeProvider());
        SwapArea area = connection.Area(1);
        FakeStream stream = await StreamReplyTests.ReopenByHandAsync(server, connection);

        // The first two go at once, the others wait for their end.
        Task<StoreOutcome>[] early =
            [area.StoreAsync(1, Pages.Text(1)).AsTask(), area.StoreAsync(2, Pages.Text(2)).AsTask()];
        ExchangeRequest[] requests = [await stream.ReadAsync(), await stream.ReadAsync()];
        List<ActivityContext> callers = [];
        List<Task<StoreOutcome>> late = [];
        for (int i = 0; i < Count; i++)
        {
            using Activity caller = _caller.StartActivity("caller")!;
            caller.ActivityTraceFlags = i == 0 ? ActivityTraceFlags.None : ActivityTraceFlags.Recorded;
            callers.Add(caller.Context);
            late.Add(area.StoreAsync((ulong)(10 + i), Pages.Text(i)).AsTask());
        }

        await stream.AnswerAsync(requests[0]);
        ExchangeRequest gathered = await stream.ReadAsync();
        await stream.AnswerAsync(requests[1]);
        await stream.AnswerAsync(gathered);
        await Task.WhenAll([.. early, .. late]);
        await connection.DisposeAsync();

        Activity span = Assert.Single(
            spans.Of("remoteswap.client store"), one => one.GetTagItem("remoteswap.pages") is Count);
        Assert.Equal(callers[1].SpanId, span.ParentSpanId);
        Assert.Equal(RequestSpan.MostLinks, span.Links.Count());
        Assert.Equal(
            callers.Skip(2).Take(RequestSpan.MostLinks).Select(context => context.SpanId),
            span.Links.Select(link => link.Context.SpanId));
        Assert.Equal(ContextOf(span), Convert.ToHexStringLower(gathered.TraceContext.Span));
    }

    [Fact]
    public async Task WhatIsNotRecordedIsNotOnTheWire()
    {
        using SpanWatch spans = new([ClientTelemetry.SourceName], isRecorded: _ => false);
        await using FakeServer server = await FakeServer.StartAsync();
        await using (RemoteSwapConnection connection = server.Connect(streams: 1))
        {
            await connection.Area(3).StoreAsync(Pages.Slots(2), Pages.Many(2));
            await connection.Area(3).StoreAsync(1, Pages.Text(1));
        }

        Assert.All(server.Store.Exchanges.Requests, one => Assert.True(one.Request.TraceContext.IsEmpty));
    }

    [Fact]
    public async Task WhereNoTraceIsToBeBegunOnlyRecordedCallersHaveSpans()
    {
        using SpanWatch spans = new([ClientTelemetry.SourceName, CallerName]);
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = RemoteSwapConnection.Open(
            new RemoteSwapClientOptions { Address = server.Address, Tenant = "vm7", StartsTraces = false });
        await connection.Area(1).StoreAsync(Pages.Slots(3), Pages.Many(3));
        using (Activity caller = _caller.StartActivity("caller")!)
        {
            caller.ActivityTraceFlags = ActivityTraceFlags.None;
            await connection.Area(1).StoreAsync(Pages.Slots(3), Pages.Many(3));
            caller.ActivityTraceFlags = ActivityTraceFlags.Recorded;
            await connection.Area(1).StoreAsync(Pages.Slots(3), Pages.Many(3));
            Assert.Equal(caller.SpanId, Assert.Single(spans.Of("remoteswap.client store")).ParentSpanId);
        }

        Assert.Equal(
            [false, false, true],
            server.Store.Exchanges.Requests.Select(one => !one.Request.TraceContext.IsEmpty));
    }

    [Fact]
    public async Task ARequestThatNeverReachesAServerIsASpanThatSaysSo()
    {
        using SpanWatch spans = new([ClientTelemetry.SourceName]);
        await using FakeServer server = await FakeServer.StartAsync();
        server.Store.Exchanges.Opened = _ => throw new Grpc.Core.RpcException(
            new Grpc.Core.Status(Grpc.Core.StatusCode.Unavailable, "away"));
        await using RemoteSwapConnection connection = server.Connect(streams: 1, maxAttempts: 1);

        await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.Area(1).StoreAsync(1, Pages.Text(1)));

        Activity span = Assert.Single(spans.Of("remoteswap.client store"));
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("unavailable", span.GetTagItem("error.type"));
        Assert.Equal(["encode"], span.Events.Select(one => one.Name));
    }

    [Fact]
    public async Task OverCallsTheContextIsInTheirHeaders()
    {
        using SpanWatch spans = new([ClientTelemetry.SourceName]);
        await using FakeServer server = await FakeServer.StartAsync();
        string? header = null;
        server.Store.Before = (_, context) =>
        {
            header = context.RequestHeaders.GetValue("traceparent");
            return Task.CompletedTask;
        };
        await using RemoteSwapConnection connection = server.Connect(streams: 0);

        await connection.Area(1).StoreAsync(1, Pages.Text(1));

        Activity span = Assert.Single(spans.Of("remoteswap.client store"));
        Assert.StartsWith($"00-{span.TraceId}-", header, StringComparison.Ordinal);
        Assert.EndsWith("-01", header, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(long.MaxValue)]
    public void AContextStandsInTheEnvelopeAndTheRequestIsUnchanged(long id)
    {
        byte[] context = [.. Enumerable.Range(1, TraceContext.Bytes).Select(i => (byte)i)];
        RequestMessage message = new();
        LoadMessage.Build(message, new AreaName("vm7", 4), [7, 9], exclusive: false);

        ExchangeRequest without = Parse(message.InEnvelope((ulong)id, OperationKind.Load));
        ExchangeRequest with = Parse(message.InEnvelope((ulong)id, OperationKind.Load, context));

        Assert.True(without.TraceContext.IsEmpty);
        Assert.Equal(context, with.TraceContext.ToByteArray());
        Assert.Equal((ulong)id, with.RequestId);
        Assert.Equal([7, 9], with.Load.Slots);
        Assert.Equal(without.Load, with.Load);
        Assert.Equal(without, Parse(message.InEnvelope((ulong)id, OperationKind.Load)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MeasuringAllocatesNothing(bool hasListener)
    {
        using Meter meter = new("own");
        using MeterListener listener = new();
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (hasListener && instrument.Meter == meter)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.Start();
        RequestWatch watch = new(new ClientMeter(meter), OperationKind.Store);
        AreaName name = new("vm7", 1);
        OutcomeCounts counts = default;
        counts.Add((long)StoreOutcome.Stored);
        counts.Add((long)StoreOutcome.SameFilled);
        byte[] room = new byte[TraceContext.Bytes];
        Run(20_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int requests)
        {
            for (int i = 0; i < requests; i++)
            {
                watch.Begin(name);
                watch.Join();
                watch.Queue();
                watch.Send(2);
                watch.WriteContext(room);
                watch.Reply();
                watch.End(counts, 2);
            }
        }
    }

    public void Dispose() => _caller.Dispose();

    private static string ContextOf(Activity span) => $"{span.TraceId}{span.SpanId}01";

    private static ExchangeRequest Parse(ReadOnlySpan<byte> bytes) => ExchangeRequest.Parser.ParseFrom(bytes.ToArray());
}
