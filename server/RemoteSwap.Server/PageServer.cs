using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using RemoteSwap.Privacy;
using RemoteSwap.Server.Hosting;
using RemoteSwap.Server.Options;
using RemoteSwap.Server.Security;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;
using RemoteSwap.Units;

namespace RemoteSwap.Server;

/// <summary>
/// A page server: listeners, services and store in one process. The program runs one; a test or a load generator may
/// embed one.
/// </summary>
public sealed class PageServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly WarmRestart _warm;
    private readonly LifeLog _log;
    private Task<WarmResult>? _drain;

    private PageServer(WebApplication app, ValidSettings settings)
    {
        _app = app;
        Settings = settings;
        PageStore = app.Services.GetRequiredService<PageStore>();
        _warm = new WarmRestart(PageStore);

        // Kestrel lists its addresses in the order in which the listeners were configured.
        IServer server = app.Services.GetRequiredService<IServer>();
        string[] addresses = [.. server.Features.Get<IServerAddressesFeature>()!.Addresses];
        GrpcAddress = ToUri(addresses[0], settings.Listen);
        ManagementAddress = settings.Management is null ? null : ToUri(addresses[1], settings.Management);
        _log = app.Services.GetRequiredService<LifeLog>();
        LogStart();
    }

    /// <summary>Where gRPC is served: http://address:port, https://address:port or unix:///path.</summary>
    public Uri GrpcAddress { get; }

    /// <summary>Where health, metrics and JSON are served; null: nowhere.</summary>
    public Uri? ManagementAddress { get; }

    internal PageStore PageStore { get; }

    internal ValidSettings Settings { get; }

    /// <summary>Starts a server inside another program, whose signals stay its own.</summary>
    /// <param name="args">Settings, as on the command line.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <exception cref="SettingsException">The settings are wrong.</exception>
    /// <exception cref="IOException">An address is in use.</exception>
    public static Task<PageServer> StartAsync(IReadOnlyList<string> args, CancellationToken cancellation = default) =>
        StartAsync(args, ownsProcess: false, cancellation);

    /// <summary>Starts a server that, if it owns the process, stops at SIGTERM and SIGINT.</summary>
    internal static async Task<PageServer> StartAsync(
        IReadOnlyList<string> args, bool ownsProcess, CancellationToken cancellation = default)
    {
        if (!ServerArguments.TryParse(args, out ServerArguments? arguments, out string error))
        {
            throw new SettingsException([error]);
        }

        WebApplication app = ServerBuilder.Build(arguments, ownsProcess, out ValidSettings settings);
        try
        {
            // Before there is a page in memory.
            if (ownsProcess && !settings.CoreDumps && CoreDumps.TryDisable() is { } problem)
            {
                throw new SettingsException(
                    [$"Process:CoreDumps is false, and core files cannot be switched off: {problem}; set it to true"]);
            }

            WarmReport? report = ownsProcess
                ? new WarmReport(Console.Error, TimeProvider.System, "bringing pages back")
                : null;
            await StoreOpener.BeginAsync(
                app.Services.GetRequiredService<PageStore>(), settings, report, cancellation);
            await ServeAsync(app, cancellation);
            app.Services.GetRequiredService<HostLogGate>().Open();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new PageServer(app, settings);
    }

    // What was drained is in memory now and nowhere else: a server that can not serve, because its address is taken,
    // drains it again for the next start.
    private static async Task ServeAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            WarmRestart warm = new(app.Services.GetRequiredService<PageStore>());
            if (warm.IsKept)
            {
                await app.StopAsync(CancellationToken.None);
                await warm.DrainAsync(progress: null, CancellationToken.None);
            }

            throw;
        }
    }

    /// <summary>Waits until the server is asked to stop and has stopped.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>
    /// Stops: refuses new pages, finishes running calls, writes all pages to the state folder if there is one, ends.
    /// </summary>
    /// <exception cref="IOException">The pages could not be written, and end with this server.</exception>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        await _app.StopAsync(cancellation);
        await DrainAsync(report: null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
            if (_drain is null)
            {
                await DrainAsync(report: null);
            }
        }
        finally
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>Writes all pages to the state folder, if there is one. The server has stopped.</summary>
    /// <exception cref="IOException">They could not be written, and end with this server.</exception>
    internal async Task DrainAsync(WarmReport? report)
    {
        if (_warm.IsKept)
        {
            bool isFirst = _drain is null;
            _drain ??= _warm.DrainAsync(report);
            WarmResult result = await _drain;
            report?.Drained(result);
            if (isFirst)
            {
                _log.PagesDrained(result.Pages, result.Elapsed.TotalSeconds, result.LostPages);
                if (result.WasHung)
                {
                    _log.DrainHeldUp(result.PagesAtRisk);
                }
            }
        }
    }

    private void LogStart()
    {
        foreach (string what in PageStore.TightenedFiles)
        {
            _log.FileTightened(what);
        }

        WarmResult restored = PageStore.Warm.Restored;
        if (restored.Pages > 0)
        {
            _log.PagesRestored(restored.Pages, restored.Elapsed.TotalSeconds);
        }

        if (restored.LostPages > 0)
        {
            _log.PagesLost(restored.LostPages);
        }

        foreach (string danger in Settings.Security.Insecure)
        {
            _app.Services.GetRequiredService<SecurityLog>().Insecure(danger);
        }

        _log.Started(
            ProductVersion.Text, GrpcAddress, new ByteSize(Settings.Store.LimitBytes), PageStore.Tenants.Count);
    }

    private static Uri ToUri(string address, ListenAddress listen) =>
        listen.SocketPath is null ? new Uri(address) : new Uri($"unix://{listen.SocketPath}");
}
