using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RemoteSwap.Server.Direct;
using RemoteSwap.Server.Grpc;
using RemoteSwap.Server.Grpc.Calls;
using RemoteSwap.Server.Grpc.Evictions;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Management;
using RemoteSwap.Server.Options;
using RemoteSwap.Server.Pressure;
using RemoteSwap.Server.Security;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Server.Transport;

namespace RemoteSwap.Server.Hosting;

/// <summary>Puts a server together: settings, listeners, store, services, telemetry.</summary>
internal static class ServerBuilder
{
    /// <summary>The health check that says no more than that the process answers.</summary>
    private const string Process = "process";

    /// <summary>
    /// What a connection may have unsent before those who write to it wait: a few replies, so that the next is made
    /// while the last is sent.
    /// </summary>
    private const int MaxUnsentBytes = 1 << 20;

    /// <summary>Builds a server that is not started.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="ownsProcess">Whether signals to the process are for the server.</param>
    /// <param name="settings">The settings in force.</param>
    /// <exception cref="SettingsException">The settings are wrong.</exception>
    public static WebApplication Build(ServerArguments arguments, bool ownsProcess, out ValidSettings settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        SettingsLoader.AddSources(builder.Configuration, arguments);
        ValidSettings valid = SettingsLoader.Load(builder.Configuration, out ServerSettings written);
        string printed = ConfigurationPrinter.Print(written, builder.Configuration);
        CredentialStore credentials = new(valid.Security, TimeProvider.System);
        settings = valid;

        HostLogGate gate = new();
        builder.Logging.AddFilter(gate.Allows);
        builder.Services.AddSingleton(gate);
        if (!ownsProcess)
        {
            builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        }

        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, LargeBlockPoolFactory>();
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.MaxWriteBufferSize = MaxUnsentBytes;

            // What arrives is handled where it arrives; the web server's own HTTP/2 has its own threads behind that.
            sockets.UnsafePreferInlineScheduling = true;
        });
        ByteGate window = new(ConnectionShare.MaxServerBytes);
        DirectApplication direct = new();
        DirectServer.Add(builder.Services, direct);
        DirectListener directListener = new(direct, valid.Transport, ConnectionShare.Narrow);
        builder.WebHost.ConfigureKestrel(
            kestrel => AddListeners(kestrel, valid, window, credentials, directListener));
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = valid.ShutdownTimeout;

            // A server without its shrinker refuses pages; a server that ends because of it has lost all of them.
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        SecuritySetup.Add(builder.Services, valid.Security, credentials);
        AddStore(builder.Services, valid);
        AddGrpc(builder.Services, valid);
        TelemetrySetup.Add(builder, valid, window);

        WebApplication app = builder.Build();
        _ = app.Services.GetRequiredService<StoreMeter>();
        _ = app.Services.GetRequiredService<SecurityMeter>();
        MapEndpoints(app, valid, printed);
        return app;
    }

    private static void AddListeners(
        KestrelServerOptions kestrel,
        ValidSettings settings,
        ByteGate inProgress,
        CredentialStore credentials,
        DirectListener direct)
    {
        SecurityOptions security = settings.Security;
        TlsListener tls = new(credentials, security);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = settings.MaxConnections;
        kestrel.Limits.MaxRequestBodySize = null;
        settings.Transport.Apply(kestrel.Limits);
        bool hasTls = security.HasTls && settings.Listen.SocketPath is null;
        Listen(kestrel, settings.Listen, HttpProtocols.Http2, inProgress, security, hasTls ? tls : null, direct);
        if (settings.Management is { } management)
        {
            TlsListener? managementTls = security.ManagementTls ? tls : null;
            Listen(kestrel, management, HttpProtocols.Http1, inProgress: null, security, managementTls, direct: null);
        }
    }

    private static void Listen(
        KestrelServerOptions kestrel,
        ListenAddress address,
        HttpProtocols protocols,
        ByteGate? inProgress,
        SecurityOptions security,
        TlsListener? tls,
        DirectListener? direct)
    {
        void Configure(ListenOptions listen)
        {
            listen.Protocols = protocols;
            listen.Use(next => connection =>
            {
                if (inProgress is null)
                {
                    connection.Features.Set(ManagementConnection.Instance);
                }
                else
                {
                    connection.Features.Set(new ConnectionShare(inProgress));
                }

                if (security.HasIdentity)
                {
                    connection.Features.Set(ConnectionIdentity.Begin(connection, security));
                }

                return next(connection);
            });

            // Behind the above: a handshake writes down whom it has met.
            tls?.Use(listen);
            if (security.HasIdentity)
            {
                LingeringClose.Use(listen);
            }

            direct?.Use(listen);
        }

        if (address.SocketPath is { } path)
        {
            StaleSocket.Remove(path);
            kestrel.ListenUnixSocket(path, Configure);
        }
        else
        {
            kestrel.Listen(address.EndPoint!, Configure);
        }
    }

    private static void AddStore(IServiceCollection services, ValidSettings settings)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(
            provider => StoreOpener.Open(settings, provider.GetRequiredService<WritebackMeter>()));
        services.AddHostedService<DrainService>();
        services.AddHostedService<ShrinkerService>();
        services.AddHostedService<TrimService>();
        services.AddHostedService<AreaSweepService>();
        services.AddHostedService<ScrubService>();
        services.AddHostedService<CompactService>();
        services.AddHostedService<TroubleService>();
        services.AddSingleton<LifeLog>();
        services.AddSingleton(settings);
        services.AddSingleton(_ => PressureFiles.Find());
        services.AddHostedService<PressureService>();
    }

    private static void AddGrpc(IServiceCollection services, ValidSettings settings)
    {
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MessageLimit.MaxPageMessageBytes;
            grpc.MaxSendMessageSize = MessageLimit.MaxPageMessageBytes;

            // A few bytes that are compressed may be gigabytes: no stream takes them either.
            grpc.CompressionProviders.Clear();
        });
        services.AddSingleton(_ => new PingMemory(settings.PingArenaBytes, settings.Store.HugePages));
        services.AddSingleton<CallSet>();
        services.AddSingleton<CallWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<CallWatch>());
        services.AddSingleton<IServiceMethodProvider<PageStoreGrpcService>, PageStoreMethods>();
        services.AddSingleton<IServiceMethodProvider<EvictionGrpcService>, EvictionMethods>();
        services.AddSingleton<PageStoreGrpcService>();
        services.AddSingleton<AdminGrpcService>();
        services.AddSingleton<AreaGrpcService>();
        services.AddSingleton<EvictionGrpcService>();
        services.AddSingleton<LatencyWatch>();
        services.AddSingleton<ConsolePoll>();
        services.AddHealthChecks()
            .AddCheck<StoreHealth>("store")
            .AddCheck(Process, () => HealthCheckResult.Healthy());
        services.AddGrpcHealthChecks(health =>
        {
            health.Services.Map("", _ => true);
            health.Services.Map("readiness", _ => true);
            health.Services.Map(V1.PageStoreService.Descriptor.FullName, _ => true);
            health.Services.Map("liveness", check => check.Name == Process);
        });
        if (settings.Reflection)
        {
            services.AddGrpcReflection();
        }
    }

    private static void MapEndpoints(WebApplication app, ValidSettings settings, string printed)
    {
        // Each port has its own endpoints: what is not the port's is not found there. The gRPC routes are looked up
        // only behind the branch; else a management request would be matched with them first.
        if (settings.Management is not null)
        {
            app.MapWhen(
                context => context.Features.Get<ManagementConnection>() is not null,
                branch =>
                {
                    // Figures of thousands of tenants take their time.
                    branch.Use(async (context, next) =>
                    {
                        await Poller.LeaveAsync();
                        await next(context);
                    });
                    branch.UseManagementGate();
                    branch.UseRouting().UseEndpoints(routes => ManagementEndpoints.Map(routes, settings, printed));
                });
        }

        app.UseAccessGate(settings.Security);

        // Which message a call has to have is known by its route.
        app.UseRouting();
        app.Use(new MessageLimit(
            app.Services.GetRequiredService<CallWatch>(),
            app.Services.GetRequiredService<ServerMeter>().Refused).InvokeAsync);
        app.MapGrpcService<PageStoreGrpcService>();
        app.MapGrpcService<AdminGrpcService>();
        app.MapGrpcService<AreaGrpcService>();
        app.MapGrpcService<EvictionGrpcService>();
        app.MapGrpcHealthChecksService();
        if (settings.Reflection)
        {
            app.MapGrpcReflectionService();
        }
    }
}
