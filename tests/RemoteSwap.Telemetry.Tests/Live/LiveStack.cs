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
    private readonly Stack<IAsyncDisposable> _started = new();
    private PrometheusProcess? _prometheus;
    private LiveLoad? _load;

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

        OtlpReceiver receiver = Started(await OtlpReceiver.StartAsync(keepsTraces: false));
        ServerProcess server = Started(await ServerProcess.StartAsync(
            [],
            [
                "--limit=32MiB", $"--spill={_folder.File("spill")}", "--spill-limit=4MiB", "--Store:ScrubRate=16MiB",
                .. LiveLoad.TenantSettings,
            ]));
        DeviceProcess device = Started(await DeviceProcess.StartAsync(
            server.Of(LiveLoad.Device), _folder.Folder("device"), receiver.Environment));
        ProcessStartInfo generator = OwnProcess.Dotnet(
            "remoteswap-loadgen.dll",
            [
                "--server", server.Address.ToString(), "--tenant", LiveLoad.Generator, "--pages", "256", "--rate",
                "400", "--workers", "2", "--batch", "4", "--source", "synthetic:3", "--duration", "1h",
            ]);
        foreach ((string name, string value) in receiver.Environment)
        {
            generator.Environment[name] = value;
        }

        Started(await OwnProcess.StartAsync(generator, _ => true));
        _load = Started(LiveLoad.Start(server, device, _folder));
        _prometheus = Started(
            await PrometheusProcess.StartAsync(_folder.Folder("prometheus"), server.Management, receiver.Http));
        _late.CancelAfter(s_liveness);
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
        while (_started.TryPop(out IAsyncDisposable? one))
        {
            await one.DisposeAsync();
        }

        _late.Dispose();
        _folder.Dispose();
    }

    private T Started<T>(T one)
        where T : IAsyncDisposable
    {
        _started.Push(one);
        return one;
    }
}
