using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>A page server inside the test, on a port of its own or on a Unix socket.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeServer(WebApplication app, FakePageStore store, RawReply raw, Uri address)
    {
        _app = app;
        Store = store;
        Raw = raw;
        Address = address;
    }

    /// <summary>What the server keeps and how it lies.</summary>
    public FakePageStore Store { get; }

    /// <summary>Bytes to answer with instead of a message.</summary>
    public RawReply Raw { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    public static async Task<FakeServer> StartAsync(string? socketPath = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (socketPath is null)
            {
                kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2);
            }
            else
            {
                kestrel.ListenUnixSocket(socketPath, listener => listener.Protocols = HttpProtocols.Http2);
            }
        });
        FakePageStore store = new();
        RawReply raw = new();
        builder.Services.AddSingleton(store);
        builder.Services.AddGrpc(grpc => grpc.EnableDetailedErrors = true);
        WebApplication app = builder.Build();
        app.Use((HttpContext context, RequestDelegate next) => raw.AnswerAsync(context, next));
        app.MapGrpcService<FakePageStore>();
        await app.StartAsync();
        Uri address = socketPath is null ? new Uri(app.Urls.Single()) : new Uri("unix://" + socketPath);
        return new FakeServer(app, store, raw, address);
    }

    /// <summary>A client of this server that does not wait long between attempts.</summary>
    public RemoteSwapConnection Connect(
        int streams,
        int maxAttempts = 4,
        TimeSpan? callDeadline = null,
        TimeProvider? time = null,
        bool waitsForServer = false) => RemoteSwapConnection.Open(
            new RemoteSwapClientOptions
            {
                Address = Address,
                Tenant = "vm7",
                Streams = streams,
                MaxAttempts = maxAttempts,
                InitialBackoff = TimeSpan.FromMilliseconds(1),
                MaxBackoff = TimeSpan.FromMilliseconds(5),
                CallDeadline = callDeadline ?? TimeSpan.FromSeconds(60),
                WaitsForServer = waitsForServer,
            },
            time);

    /// <summary>Ends all transport connections and listens no more.</summary>
    public Task StopAsync(CancellationToken atOnce = default) => _app.StopAsync(atOnce);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
