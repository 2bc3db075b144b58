using System.Diagnostics;
using System.Text;

namespace RemoteSwap.Telemetry.Tests.Processes;

/// <summary>A program that runs beside a test and ends with it, by its id.</summary>
internal sealed class OwnProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Func<string, bool> _isReady;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OwnProcess(ProcessStartInfo start, Func<string, bool> isReady)
    {
        _isReady = isReady;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(
            new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended: {Said}"));
    }

    /// <summary>All that it has said, on both of its outputs.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>How one of our programs is started: from the output of these tests.</summary>
    public static ProcessStartInfo Dotnet(string assembly, IEnumerable<string> args)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        return Of(host, ["exec", Path.Combine(AppContext.BaseDirectory, assembly), .. args]);
    }

    /// <summary>How a program is started: with outputs that are read, and none of this run's own settings.</summary>
    public static ProcessStartInfo Of(string file, IEnumerable<string> args)
    {
        ProcessStartInfo start = new(file, args)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsOurs).ToArray())
        {
            start.Environment.Remove(name);
        }

        return start;

        static bool IsOurs(string name) =>
            name.StartsWith("REMOTESWAP_", StringComparison.Ordinal)
            || name.StartsWith("OTEL_", StringComparison.Ordinal);
    }

    /// <summary>Starts a program and waits until it has said a line that tells that it is ready.</summary>
    public static async Task<OwnProcess> StartAsync(ProcessStartInfo start, Func<string, bool> isReady)
    {
        OwnProcess process = new(start, isReady);
        process._process.Start();
        process._process.BeginErrorReadLine();
        process._process.BeginOutputReadLine();
        try
        {
            await process._ready.Task.WaitAsync(s_liveness);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return process;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code, and all that it said.</returns>
    public static async Task<(int ExitCode, string Said)> RunAsync(ProcessStartInfo start)
    {
        using Process process =
            Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} does not start");
        using CancellationTokenSource bound = new(s_liveness);
        Task<string> output = process.StandardOutput.ReadToEndAsync(bound.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(bound.Token);
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output + await errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_said)
        {
            _said.AppendLine(line);
        }

        if (_isReady(line))
        {
            _ready.TrySetResult();
        }
    }
}
