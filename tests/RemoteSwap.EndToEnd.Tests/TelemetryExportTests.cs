using System.Collections.Concurrent;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RemoteSwap.V1;

namespace RemoteSwap.EndToEnd.Tests;

/// <summary>With an OTLP endpoint in its environment the server sends its metrics, spans and logs there.</summary>
public sealed class TelemetryExportTests
{
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task MetricsSpansAndLogsGoToTheCollectorThatTheEnvironmentNames()
    {
        ConcurrentDictionary<string, string> received = new(StringComparer.Ordinal);
        await using WebApplication collector = Collector(received);
        await collector.StartAsync();
        await using ServerProcess server = await ServerProcess.StartAsync(new Dictionary<string, string>(
            StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
            ["REMOTESWAP_Telemetry__TraceRatio"] = "1",
        });
        using GrpcChannel channel = server.OpenChannel();
        PageStoreService.PageStoreServiceClient client = new(channel);
        using CancellationTokenSource bound = new(s_liveness);

        // The text of a protobuf message holds its names as they are.
        while (!Holds(received, "/v1/metrics", "remoteswap.load.duration")
            || !Holds(received, "/v1/metrics", "remoteswap.pages.missed")
            || !Holds(received, "/v1/traces", "remoteswap.load")
            || !Holds(received, "/v1/logs", "serves pages at"))
        {
            await client.LoadAsync(new LoadRequest { Tenant = "default", Slots = { 1 } });
            await Task.Delay(50, bound.Token);
        }
    }

    private static bool Holds(ConcurrentDictionary<string, string> received, string path, string text) =>
        received.TryGetValue(path, out string? body) && body.Contains(text, StringComparison.Ordinal);

    private static WebApplication Collector(ConcurrentDictionary<string, string> received)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            received[context.Request.Path] = System.Text.Encoding.Latin1.GetString(body.ToArray());
        });
        return app;
    }
}
