using System.Diagnostics;

[assembly: AssemblyFixture(typeof(RemoteSwap.Console.Tests.Browser.Chromium))]

namespace RemoteSwap.Console.Tests.Browser;

/// <summary>
/// A headless Chromium with a profile of its own, one for all tests; it ends with them. Where none is installed, tests
/// that ask for it are skipped.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string PortFile = "DevToolsActivePort";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // Nothing that a browser does by itself: no updates, no other hosts, no first steps.
    private static readonly string[] s_quiet =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
        "--disable-extensions", "--disable-dev-shm-usage", "--no-default-browser-check", "--disable-domain-reliability",
        "--disable-client-side-phishing-detection", "--metrics-recording-only", "--hide-scrollbars",
        "--force-color-profile=srgb", "--remote-debugging-port=0", "about:blank",
    ];

    private readonly string _profile = Directory.CreateTempSubdirectory("remoteswap-console-").FullName;
    private Process? _process;

    internal DevTools? Tools { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } program)
        {
            return;
        }

        ProcessStartInfo start = new(program)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["HOME"] = _profile, ["XDG_CONFIG_HOME"] = _profile, ["XDG_CACHE_HOME"] = _profile },
        };
        start.ArgumentList.Add($"--user-data-dir={_profile}");
        foreach (string argument in s_quiet)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        Tools = new DevTools();
        await Tools.ConnectAsync(await AddressAsync());
    }

    /// <summary>Opens an empty page, or skips the test where there is no Chromium.</summary>
    internal async Task<BrowserPage> OpenAsync(int width, int height, bool dark = false)
    {
        Skipping.Unless(Tools is not null, "chromium is not installed");
        return await BrowserPage.OpenAsync(Tools!, width, height, dark);
    }

    public async ValueTask DisposeAsync()
    {
        if (Tools is not null)
        {
            await Tools.DisposeAsync();
        }

        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        // A child of it may still write while it ends.
        for (int attempt = 0; Directory.Exists(_profile); attempt++)
        {
            try
            {
                Directory.Delete(_profile, recursive: true);
            }
            catch (IOException) when (attempt < 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .SelectMany(folder => (string[])[Path.Combine(folder, "chromium"), Path.Combine(folder, "chromium-browser")])
        .FirstOrDefault(File.Exists);

    // The file's lines: the port, and the path of the browser's own socket.
    private async Task<Uri> AddressAsync()
    {
        string path = Path.Combine(_profile, PortFile);
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            string[] lines = File.Exists(path) ? await File.ReadAllLinesAsync(path) : [];
            if (lines.Length >= 2)
            {
                return new Uri($"ws://127.0.0.1:{lines[0]}{lines[1]}");
            }

            if (_process!.HasExited || Stopwatch.GetElapsedTime(start) > s_patience)
            {
                throw new InvalidOperationException("chromium did not open its port");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }
}
