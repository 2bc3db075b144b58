using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RemoteSwap.LoadGen.Bench.Observers;

/// <summary>
/// A collector that takes what is sent by OTLP over HTTP, counts it and keeps nothing: it costs as little as one can,
/// so that what is measured is the sender.
/// </summary>
internal sealed class OtlpSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _messages;

    private OtlpSink(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public string Address { get; private set; } = string.Empty;

    /// <summary>Messages taken.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Starts one on a free port of this machine.</summary>
    public static async Task<OtlpSink> StartAsync(CancellationToken ct)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        OtlpSink sink = new(app);
        app.Run(sink.TakeAsync);
        await app.StartAsync(ct);
        sink.Address = app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return sink;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        // An empty message is OTLP's answer that everything was taken.
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        Interlocked.Increment(ref _messages);
        context.Response.ContentType = "application/x-protobuf";
    }
}
