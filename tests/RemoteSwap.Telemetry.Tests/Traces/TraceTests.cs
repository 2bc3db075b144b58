using RemoteSwap.Codec;

namespace RemoteSwap.Telemetry.Tests.Traces;

/// <summary>One trace says where a guest's request spent its time: in the device, on the way, in the server.</summary>
public sealed class TraceTests
{
    private const int Internal = 1;
    private const int ServerKind = 2;
    private const int ClientKind = 3;

    // Twice what there is memory for.
    private const int SpilledSlots = 512;

    [Fact]
    public async Task A_read_and_a_write_have_all_their_parts()
    {
        using TempFolder folder = new();
        await using TracedDevice device = await TracedDevice.StartAsync(folder);
        byte[] page = PageKinds.Text(3);
        device.Nbd.WriteAt(0, page);
        Assert.Equal(page, device.Nbd.ReadAt(0, PageSize.Bytes));

        await RequireAsync(device.Received, "nbd WRITE", "store");
        await RequireAsync(device.Received, "nbd READ", "load");
    }

    [Fact]
    public async Task A_load_of_a_spilled_page_says_that_it_read_the_file()
    {
        using TempFolder folder = new();
        await using TracedDevice device =
            await TracedDevice.StartAsync(folder, "--limit=1MiB", $"--spill={folder.File("spill")}");
        for (int slot = 0; slot < SpilledSlots; slot++)
        {
            device.Nbd.WriteAt((long)slot * PageSize.Bytes, PageKinds.Noise(slot));
        }

        for (int slot = 0; slot < SpilledSlots; slot++)
        {
            Assert.Equal(PageKinds.Noise(slot), device.Nbd.ReadAt((long)slot * PageSize.Bytes, PageSize.Bytes));
        }

        await Waiting.ForAsync(
            () => device.Received.Spans.FirstOrDefault(
                one => one.Span.Name == "remoteswap.load" && Events(one).Contains("spill", StringComparer.Ordinal)),
            () => "no load says that it read the file");
    }

    // The point of a latency histogram that leads to the trace of a request in it.
    [Fact]
    public async Task A_latency_names_a_trace()
    {
        using TempFolder folder = new();
        await using TracedDevice device = await TracedDevice.StartAsync(folder);
        device.Nbd.WriteAt(0, PageKinds.Text(3));
        ReceivedSpan span = await SpanAsync(device.Received, "nbd WRITE", parent: null);

        foreach (string name in (string[])
            ["remoteswap.nbd.request.duration", "remoteswap.client.operation.duration", "remoteswap.store.duration"])
        {
            await Waiting.ForAsync(
                () => device.Received.Metrics.FirstOrDefault(one => one.Metric.Name == name
                    && one.Metric.Histogram.Points.Any(
                        point => point.Exemplars.Any(exemplar => exemplar.TraceId == span.Span.TraceId))),
                () => $"{name} names no trace, or another one");
        }
    }

    private static async Task RequireAsync(ReceivedTelemetry received, string request, string operation)
    {
        ReceivedSpan device = await SpanAsync(received, request, parent: null);
        ReceivedSpan client = await SpanAsync(received, $"remoteswap.client {operation}", device);
        ReceivedSpan server = await SpanAsync(received, $"remoteswap.{operation}", client);

        Assert.Equal(
            ("RemoteSwap.Nbd", "RemoteSwap.Client", "RemoteSwap"), (device.Scope, client.Scope, server.Scope));
        Assert.Contains(device.Span.Kind, (int[])[Internal, ServerKind]);
        Assert.Equal((ClientKind, ServerKind), (client.Span.Kind, server.Span.Kind));
        Assert.Equal(device.Service, client.Service);
        Assert.NotEqual(client.Service, server.Service);
        Assert.Equal(["encode", "wire", "reply"], Events(client));
        Assert.Equal(["wire", "lock", "copy"], Events(server));
        Assert.Equal([], ((ReceivedSpan[])[device, client, server]).SelectMany(EventsOutside));

        // Clocks of one machine. Ends have no order: a reply goes out before the span of its request is closed.
        Assert.InRange(client.Span.StartNs, device.Span.StartNs, device.Span.EndNs);
        Assert.InRange(server.Span.StartNs, client.Span.StartNs, client.Span.EndNs);
    }

    private static Task<ReceivedSpan> SpanAsync(ReceivedTelemetry received, string name, ReceivedSpan? parent) =>
        Waiting.ForAsync(
            () => received.Spans.FirstOrDefault(one => one.Span.Name == name && IsChild(one.Span, parent?.Span)),
            () => $"no span '{name}' in the right place among: " + string.Join(
                "; ",
                received.Spans.Select(one => $"{one.Span.Name} of {one.Span.ParentSpanId.ToBase64()}"
                    + $" ({one.Scope})")));

    private static bool IsChild(Span span, Span? parent) => parent is null
        ? span.ParentSpanId.IsEmpty
        : span.ParentSpanId == parent.SpanId && span.TraceId == parent.TraceId;

    private static IEnumerable<string> EventsOutside(ReceivedSpan span) =>
        from one in span.Span.Events
        where one.TimeNs < span.Span.StartNs || one.TimeNs > span.Span.EndNs
        select $"{one.Name} of {span.Span.Name} at {one.TimeNs}: {span.Span.StartNs} to {span.Span.EndNs}";

    private static IEnumerable<string> Events(ReceivedSpan span) => span.Span.Events.Select(one => one.Name);
}
