using System.Diagnostics;

namespace RemoteSwap.Vm.Tests.Processes;

/// <summary>A process whose lines are read as they come, and which is killed, by its id, in the end.</summary>
internal sealed class OwnedProcess : IAsyncDisposable
{
    private const int TailLines = 120;
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Queue<string> _tail = new();
    private readonly Action<string> _line;

    private OwnedProcess(ProcessStartInfo start, Action<string> line)
    {
        _line = line;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, read) => Take(read.Data);
        _process.ErrorDataReceived += (_, read) => Take(read.Data);
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Whether it runs, or how it ended.</summary>
    public string State => _process.HasExited ? $"ended with {_process.ExitCode}" : "running";

    /// <summary>The last lines of its output and its errors.</summary>
    public string Tail
    {
        get
        {
            lock (_tail)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    /// <summary>Starts a process; each line that it prints is handed out.</summary>
    public static OwnedProcess Start(ProcessStartInfo start, Action<string> line)
    {
        start.RedirectStandardInput = true;
        OwnedProcess process = new(start, line);
        process._process.Start();
        process._process.StandardInput.Close();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Waits until it has ended and all its lines were handed out.</summary>
    public async Task<int> WaitForEndAsync(CancellationToken cancellation = default)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGKILL: it has no last word.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        using CancellationTokenSource bound = new(s_endLimit);
        await _process.WaitForExitAsync(bound.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }

        _line(line);
    }
}
