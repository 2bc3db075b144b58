using RemoteSwap.Client;

namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>A real server sends metrics, traces and logs over both of OTLP's ways.</summary>
public sealed class OtlpTests
{
    private const string Server = "remoteswap-server";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metrics_traces_and_logs_arrive(bool isHttp)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(keepsTraces: true);
        await using ServerProcess server =
            await ServerProcess.StartAsync(isHttp ? receiver.HttpEnvironment : receiver.Environment);
        await using RemoteSwapConnection connection = RemoteSwapConnection.Open(
            new RemoteSwapClientOptions { Address = server.Address });
        byte[] page = PageKinds.Text(1);
        await connection.Area(0).StoreAsync(1, page);
        Assert.Equal(LoadOutcome.Loaded, await connection.Area(0).LoadAsync(1, page));

        ReceivedTelemetry received = receiver.Received;
        ReceivedMetric load = await Waiting.ForAsync(
            () => received.Metrics.FirstOrDefault(
                one => one.Metric.Name == "remoteswap.load.duration" && one.Metric.Histogram?.Points.Count > 0),
            () => string.Join(", ", received.Metrics.Select(one => one.Metric.Name)));
        ReceivedMetric stored = await Waiting.ForAsync(
            () => received.Metrics.FirstOrDefault(
                one => one.Metric.Name == "remoteswap.pages.stored" && one.Metric.Sum.Points[0].AsInt == 1),
            () => "remoteswap.pages.stored is not 1");
        ReceivedSpan span = await Waiting.ForAsync(
            () => received.Spans.FirstOrDefault(one => one.Span.Name == "remoteswap.load"),
            () => string.Join(", ", received.Spans.Select(one => one.Span.Name)));
        ReceivedLog log = await Waiting.ForAsync(
            () => received.Logs is [ReceivedLog first, ..] ? first : null, () => "there is no log");

        Assert.All([load.Service, stored.Service, span.Service, log.Service], service =>
        {
            Assert.Equal(Server, service.Name);
            Assert.NotEmpty(service.Instance);
        });
        Assert.Equal(("s", 2), (load.Metric.Unit, load.Metric.Histogram.Temporality));
        Assert.True(stored.Metric.Sum.IsMonotonic);
        Assert.Contains(load.Metric.Histogram.Points, point => point.Bounds.Contains(0.01) && point.Count == 1);
        Assert.Equal((16, 8), (span.Span.TraceId.Length, span.Span.SpanId.Length));
        Assert.InRange(span.Span.EndNs, span.Span.StartNs, ulong.MaxValue);
        Assert.NotEmpty(log.Record.Body.StringValue);
        Assert.InRange(log.Record.SeverityNumber, 1, 24);
    }
}
