using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>
/// A receiver of OTLP in the test, over gRPC on one port and over HTTP on another, where it shows clients' metrics to
/// Prometheus, too, as the collector of the deploy folder does.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app, ReceivedTelemetry received)
    {
        _app = app;
        Received = received;
        string[] addresses =
        [
            .. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses,
        ];
        Grpc = new Uri(addresses[0]);
        Http = new Uri(addresses[1]);
    }

    /// <summary>Where OTLP over gRPC is taken.</summary>
    public Uri Grpc { get; }

    /// <summary>Where OTLP over HTTP is taken, and where /metrics is.</summary>
    public Uri Http { get; }

    /// <summary>What has come.</summary>
    public ReceivedTelemetry Received { get; }

    /// <summary>The variables that make a program send here over gRPC, quickly, and every trace.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment => Variables(Grpc, "grpc");

    /// <summary>The same, over HTTP.</summary>
    public IReadOnlyList<(string Name, string Value)> HttpEnvironment => Variables(Http, "http/protobuf");

    public static async Task<OtlpReceiver> StartAsync(bool keepsTraces)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddGrpc();
        ReceivedTelemetry received = new(keepsTraces);
        builder.Services.AddSingleton(received);
        WebApplication app = builder.Build();
        app.MapGrpcService<MetricsReceiver>();
        app.MapGrpcService<TraceReceiver>();
        app.MapGrpcService<LogsReceiver>();
        app.MapPost("/v1/metrics", (HttpContext http) => TakeAsync(http, MetricsRequest.Parser, received.Take));
        app.MapPost("/v1/traces", (HttpContext http) => TakeAsync(http, TraceRequest.Parser, received.Take));
        app.MapPost("/v1/logs", (HttpContext http) => TakeAsync(http, LogsRequest.Parser, received.Take));
        app.MapGet("/metrics", () => Results.Text(MetricPage.Of(received.Metrics), "text/plain; version=0.0.4"));
        await app.StartAsync();
        return new OtlpReceiver(app, received);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static (string Name, string Value)[] Variables(Uri endpoint, string protocol) =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.ToString()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
        ("OTEL_TRACES_SAMPLER", "parentbased_always_on"),
    ];

    private static async Task TakeAsync<T>(HttpContext http, Google.Protobuf.MessageParser<T> parser, Action<T> take)
        where T : Google.Protobuf.IMessage<T>
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        take(parser.ParseFrom(body.ToArray()));
        http.Response.ContentType = "application/x-protobuf";
    }
}
