using System.Diagnostics;

namespace RemoteSwap.Telemetry.Tests.Live;

/// <summary>
/// A server, a device, a load generator and a Prometheus as processes, with load on all of them that has every outcome
/// which a dashboard shows. One for all tests that look at it.
/// </summary>
public sealed class LiveStack : IAsyncLifetime
{
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _late = new();
    private OtlpReceiver? _receiver;
    private ServerProcess? _server;
    private CuttingRelay? _relay;
    private DeviceProcess? _device;
    private OwnProcess? _generator;
    private LiveLoad? _load;
    private PrometheusProcess? _prometheus;

    /// <summary>The Prometheus that scrapes all.</summary>
    internal PrometheusProcess Prometheus
    {
        get
        {
            Requirement.Prometheus();
            return _prometheus!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!Requirement.HasPrometheus)
        {
            return;
        }

        try
        {
            await StartAsync();
        }
        catch
        {
            // What had started does not stay behind.
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until something is true, as all who look at this wait together: what is missing then is missing.
    /// </summary>
    /// <returns>What is wrong; null: nothing.</returns>
    internal async Task<string?> WrongAsync(Func<Task<string?>> look)
    {
        while (await look() is { } wrong)
        {
            _load!.RequireGoing();
            if (_late.IsCancellationRequested)
            {
                return wrong;
            }

            await Task.Delay(s_pause);
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_prometheus);
        await EndAsync(_load);
        await EndAsync(_generator);
        await EndAsync(_device);
        await EndAsync(_relay);
        await EndAsync(_server);
        await EndAsync(_receiver);
        _late.Dispose();
        _folder.Dispose();
    }

    private async Task StartAsync()
    {
        _receiver = await OtlpReceiver.StartAsync(keepsTraces: false);
        _server = await ServerProcess.StartAsync(
            [],
            [
                "--limit=32MiB", $"--spill={_folder.File("spill")}", "--spill-limit=4MiB", "--Store:ScrubRate=16MiB",
                .. LiveLoad.TenantSettings,
            ]);
        _relay = CuttingRelay.Start(_server.Address);
        _device = await DeviceProcess.StartAsync(
            _relay.Of(LiveLoad.Device), _folder.Folder("device"), _receiver.Environment);
        ProcessStartInfo generator = OwnProcess.Dotnet(
            "remoteswap-loadgen.dll",
            [
                "--server", _server.Address.ToString(), "--tenant", LiveLoad.Generator, "--pages", "256", "--rate",
                "400", "--workers", "2", "--batch", "4", "--source", "synthetic:3", "--duration", "1h",
            ]);
        foreach ((string name, string value) in _receiver.Environment)
        {
            generator.Environment[name] = value;
        }

        _generator = await OwnProcess.StartAsync(generator, _ => true);
        _load = LiveLoad.Start(_server, _device, _folder);
        _prometheus = await PrometheusProcess.StartAsync(
            _folder.Folder("prometheus"), _server.Management, _receiver.Http);
        _late.CancelAfter(s_liveness);
    }

    private static ValueTask EndAsync(IAsyncDisposable? one) => one?.DisposeAsync() ?? ValueTask.CompletedTask;
}
