using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>Spans of calls and of a stream's requests: whose children they are, and what they tell.</summary>
[Collection(nameof(AloneCollection))]
public sealed class SpanTests
{
    private const byte Sampled = 1;

    [Fact]
    public async Task OneSpanACallTellsHowManyPages()
    {
        const int Pages = 77;
        using SpanList spans = new();
        await using TestServer server = await TestServer.StartAsync();
        ulong[] slots = Batch.Slots(Pages);

        await server.Pages.StoreAsync(Batch.Store(slots, [.. slots.Select(slot => PageKinds.Any((int)slot))]));
        await server.Pages.LoadAsync(Batch.Load(slots));
        await server.Pages.InvalidateAsync(Batch.Invalidate(slots));

        Assert.Equal(
            "remoteswap.invalidate remoteswap.load remoteswap.store",
            string.Join(
                ' ',
                spans.All.Where(span => span.GetTagItem("remoteswap.pages") is Pages)
                    .Select(span => span.OperationName).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task ACallIsAChildOfWhatItsHeadersName()
    {
        using SpanList spans = new();
        await using TestServer server = await TestServer.StartAsync();
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        Metadata headers = new() { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" } };

        // ASP.NET reads the headers where somebody listens to its own spans, as the exporter does.
        using ActivityListener web = SpanList.ListenTo("Microsoft.AspNetCore", _ => { });
        await server.Pages.LoadAsync(Batch.Load([1]), headers);

        Activity span = Assert.Single(spans.Of(trace));
        Assert.Equal(("remoteswap.load", ActivityKind.Server), (span.OperationName, span.Kind));
        Assert.Equal("not_found", span.GetTagItem("outcome"));
        Assert.Equal(TestServer.TenantA, span.GetTagItem("remoteswap.tenant"));
    }

    [Fact]
    public async Task ARequestOfAStreamIsAChildOfItsOwnContext()
    {
        using SpillFolder folder = new();
        using SpanList spans = new();
        await using TestServer server =
            await TestServer.StartAsync([.. folder.Settings("8MiB"), "--Telemetry:TraceRatio=0"]);
        ulong[] slots = Batch.Slots(4);
        byte[][] pages = [.. slots.Select(slot => PageKinds.Text((int)slot))];
        await server.Pages.StoreAsync(Batch.Store(slots, pages));
        await server.Pages.ReclaimAsync(
            new ReclaimRequest { Tenant = TestServer.TenantA, TargetFrames = 100, Retries = 8 });
        Parent store = new();
        Parent load = new();
        Parent spilled = new();
        Parent forget = new();
        ExchangeScript script = new();
        script.Add(new ExchangeRequest
        {
            Store = Batch.Store([100], [PageKinds.Text(9)]),
            TraceContext = store.Context(Sampled),
        });
        script.Add(new ExchangeRequest { Load = Batch.Load(slots), TraceContext = spilled.Context(Sampled) });
        script.Add(new ExchangeRequest { Load = Batch.Load([100]), TraceContext = load.Context(Sampled) });
        script.Add(new ExchangeRequest { Invalidate = Batch.Invalidate(100), TraceContext = forget.Context(Sampled) });

        ExchangeReplies replies = await script.RunAsync(server);

        Assert.Equal(0, replies.Status);
        Assert.Equal("wire lock copy", EventsOf(store, "remoteswap.store", "stored"));
        Assert.Equal("wire lock copy", EventsOf(load, "remoteswap.load", "loaded"));
        Assert.Equal("wire lock copy spill", EventsOf(spilled, "remoteswap.load", "loaded"));
        Assert.Equal("wire lock copy", EventsOf(forget, "remoteswap.invalidate", "invalidated"));

        string EventsOf(Parent parent, string name, string outcome)
        {
            Activity span = Assert.Single(spans.Of(parent.Trace));
            Assert.Equal((name, parent.Span), (span.OperationName, span.ParentSpanId));
            Assert.True(span.HasRemoteParent);
            Assert.Equal(outcome, span.GetTagItem("outcome"));
            Assert.All(
                span.Events.Where(stage => stage.Name != "wire"),
                stage => Assert.InRange((double)stage.Tags.Single().Value!, 0, span.Duration.TotalSeconds));
            return string.Join(' ', span.Events.Select(stage => stage.Name));
        }
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("00112233", false)]
    [InlineData("000000000000000000000000000000001122334455667788" + "01", false)]
    [InlineData("112233445566778811223344556677880000000000000000" + "01", false)]
    [InlineData("112233445566778811223344556677881122334455667788" + "0100", false)]
    [InlineData("112233445566778811223344556677881122334455667788" + "00", false)]
    [InlineData("112233445566778811223344556677881122334455667788" + "ff", true)]
    public async Task OnlyASoundAndSampledContextMakesASpan(string context, bool isTraced)
    {
        using SpanList spans = new();
        await using TestServer server = await TestServer.StartAsync("--Telemetry:TraceRatio=0");
        ExchangeScript script = new();
        ulong id = script.Add(new ExchangeRequest
        {
            Load = Batch.Load(Batch.Slots(33)),
            TraceContext = ByteString.CopyFrom(Convert.FromHexString(context)),
        });

        ExchangeReplies replies = await script.RunAsync(server);

        Assert.Equal(33, replies[id].Load.Outcomes.Count);
        Assert.Equal(isTraced ? 1 : 0, spans.All.Count(span => span.GetTagItem("remoteswap.pages") is 33));
    }

    [Fact]
    public async Task RequestsWithoutAContextBeginTracesOfTheirOwn()
    {
        using SpanList spans = new();
        using ActivityListener web = SpanList.ListenTo("Microsoft.AspNetCore", _ => { });
        await using TestServer server = await TestServer.StartAsync("--Telemetry:TraceRatio=1");
        ExchangeScript script = new();
        for (int request = 0; request < 3; request++)
        {
            script.Add(Batch.Load(Batch.Slots(44)));
        }

        await script.RunAsync(server);

        Activity[] mine = [.. spans.All.Where(span => span.GetTagItem("remoteswap.pages") is 44)];
        Assert.Equal(3, mine.Select(span => span.TraceId).Distinct().Count());
        Assert.All(mine, span => Assert.Equal(default, span.ParentSpanId));
    }

    private sealed class Parent
    {
        public ActivityTraceId Trace { get; } = ActivityTraceId.CreateRandom();

        public ActivitySpanId Span { get; } = ActivitySpanId.CreateRandom();

        public ByteString Context(byte flags)
        {
            byte[] bytes = new byte[25];
            Trace.CopyTo(bytes.AsSpan(0, 16));
            Span.CopyTo(bytes.AsSpan(16, 8));
            bytes[^1] = flags;
            return ByteString.CopyFrom(bytes);
        }
    }
}
