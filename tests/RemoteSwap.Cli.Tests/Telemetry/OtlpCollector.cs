using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace RemoteSwap.Cli.Tests.Telemetry;

/// <summary>
/// The least of a collector: takes what is sent by OTLP, by either protocol, and keeps it as text; a protobuf message
/// holds its names as they are.
/// </summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private const string GrpcType = "application/grpc";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _received = new(StringComparer.Ordinal);

    private OtlpCollector(bool isGrpc)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.MapPost("/{**path}", TakeAsync);
    }

    /// <summary>Where it listens.</summary>
    public string Address => _app.Urls.First();

    public static async Task<OtlpCollector> StartAsync(bool isGrpc)
    {
        OtlpCollector collector = new(isGrpc);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>All that came of a signal: metrics, traces or logs.</summary>
    public string Of(string signal) => _received.GetValueOrDefault(signal, "");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);

        // Of a call: opentelemetry.proto.collector.trace.v1.TraceService/Export.
        string path = context.Request.Path.Value!;
        string signal = path.Contains("trace", StringComparison.OrdinalIgnoreCase) ? "traces"
            : path.Contains("metric", StringComparison.OrdinalIgnoreCase) ? "metrics"
            : "logs";
        string text = Encoding.Latin1.GetString(body.ToArray());
        _received.AddOrUpdate(signal, text, (_, before) => before + text);
        if (context.Request.ContentType?.StartsWith(GrpcType, StringComparison.Ordinal) == true)
        {
            context.Response.ContentType = GrpcType;
            context.Response.AppendTrailer("grpc-status", "0");
            await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
        }
    }
}
