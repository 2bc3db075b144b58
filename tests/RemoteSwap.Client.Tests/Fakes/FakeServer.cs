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

    private FakeServer(WebApplication app, FakePageStore store, FakeAreas areas, RawReply raw, Uri address)
    {
        _app = app;
        Store = store;
        Areas = areas;
        Raw = raw;
        Address = address;
    }

    /// <summary>What the server keeps and how it lies.</summary>
    public FakePageStore Store { get; }

    /// <summary>Who attaches.</summary>
    public FakeAreas Areas { get; }

    /// <summary>Bytes to answer with instead of a message.</summary>
    public RawReply Raw { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    public static async Task<FakeServer> StartAsync(
        string? socketPath = null, Action<ListenOptions>? listen = null, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (socketPath is null)
            {
                kestrel.Listen(IPAddress.Loopback, port, listener =>
                {
                    listener.Protocols = HttpProtocols.Http2;
                    listen?.Invoke(listener);
                });
            }
            else
            {
                kestrel.ListenUnixSocket(socketPath, listener => listener.Protocols = HttpProtocols.Http2);
            }
        });
        FakePageStore store = new();
        FakeAreas areas = new();
        RawReply raw = new();
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(areas);
        builder.Services.AddGrpc(grpc => grpc.EnableDetailedErrors = true);
        WebApplication app = builder.Build();
        app.Use((HttpContext context, RequestDelegate next) => raw.AnswerAsync(context, next));
        app.MapGrpcService<FakePageStore>();
        app.MapGrpcService<FakeAreas>();
        await app.StartAsync();
        Uri address = socketPath is null ? new Uri(app.Urls.Single()) : new Uri("unix://" + socketPath);
        return new FakeServer(app, store, areas, raw, address);
    }

    /// <summary>A client of this server that does not wait long between attempts.</summary>
    public RemoteSwapConnection Connect(
        int streams,
        int maxAttempts = 4,
        TimeSpan? callDeadline = null,
        TimeProvider? time = null,
        bool waitsForServer = false,
        TlsOptions? tls = null,
        string? tokenFile = null,
        string? host = null) => RemoteSwapConnection.Open(
            new RemoteSwapClientOptions
            {
                Address = host is null ? Address : new UriBuilder(Address) { Host = host }.Uri,
                Tls = tls,
                TokenFile = tokenFile,
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
