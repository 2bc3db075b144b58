using System.Diagnostics;

namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>
/// This program once more, in a process of its own, that is asked by lines and answers by lines of JSON. It ends with
/// its input, so it ends with this process however that ends; whoever does not end in time is killed, by its id.
/// One question at a time.
/// </summary>
internal sealed class SelfProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _command;

    private SelfProcess(Process process, string command)
    {
        _process = process;
        _command = command;
    }

    /// <summary>The number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="command">The hidden command.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables beyond those of this process.</param>
    /// <exception cref="BenchFailedException">It can not be started.</exception>
    public static SelfProcess Start(
        string command, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        IReadOnlyList<string> program = SelfProgram.Command();
        ProcessStartInfo start = new(program[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (string part in (IEnumerable<string>)[.. program.Skip(1), command, .. arguments])
        {
            start.ArgumentList.Add(part);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new SelfProcess(Process.Start(start)!, command);
        }
        catch (System.ComponentModel.Win32Exception failed)
        {
            throw new BenchFailedException($"'{start.FileName}' can not be started: {failed.Message}");
        }
    }

    /// <summary>Waits for a line of JSON.</summary>
    /// <exception cref="BenchFailedException">The process ended instead.</exception>
    public async Task<string> ReadAsync(CancellationToken ct)
    {
        while (await _process.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.StartsWith('{'))
            {
                return line;
            }
        }

        throw new BenchFailedException($"the {_command} process ended before it answered");
    }

    /// <summary>Asks and waits for the answer.</summary>
    /// <exception cref="BenchFailedException">The process ended.</exception>
    public async Task<string> AskAsync(string line, CancellationToken ct)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line.AsMemory(), ct);
            await _process.StandardInput.FlushAsync(ct);
        }
        catch (IOException ended)
        {
            throw new BenchFailedException($"the {_command} process ended: {ended.Message}");
        }

        return await ReadAsync(ct);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ProcessEnd.CloseAsync(_process);
}
