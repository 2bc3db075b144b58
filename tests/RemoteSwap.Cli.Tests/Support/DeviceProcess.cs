using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace RemoteSwap.Cli.Tests.Support;

/// <summary>A device as a process, on one of several machines that a test has: each has locks of its own.</summary>
internal sealed class DeviceProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _socket;

    private DeviceProcess(Process process, string socket)
    {
        _process = process;
        _socket = socket;
    }

    /// <summary>What it wrote when it was ready.</summary>
    public JsonElement Ready { get; private set; }

    /// <summary>The attach epoch.</summary>
    public ulong Epoch => Ready.GetProperty("epoch").GetUInt64();

    /// <summary>Starts one, whether or not it can serve.</summary>
    /// <param name="uri">Server and tenant.</param>
    /// <param name="machine">A folder that stands for a machine.</param>
    /// <param name="more">More options.</param>
    public static Process Launch(string uri, string machine, params string[] more)
    {
        Directory.CreateDirectory(machine);
        return ToolProcess.Start(
            uri,
            [("TMPDIR", machine), ("XDG_RUNTIME_DIR", "")],
            [
                "nbd", .. more.Contains("--size") ? Array.Empty<string>() : ["--size", "1MiB"],
                "--unix", SocketOf(machine), "--session", SessionOf(machine), "--json",
                .. more.Contains("--area") ? more : ["--area", "2", .. more],
            ]);
    }

    /// <summary>Starts one and waits until clients can connect.</summary>
    public static async Task<DeviceProcess> StartAsync(string uri, string machine, params string[] more)
    {
        Process process = Launch(uri, machine, more);
        List<string> lines = [];
        while (lines is not [.., "}"])
        {
            lines.Add(await process.StandardOutput.ReadLineAsync()
                ?? throw new EndOfStreamException(await process.StandardError.ReadToEndAsync()));
        }

        return new DeviceProcess(process, SocketOf(machine))
        {
            Ready = JsonDocument.Parse(string.Join('\n', lines)).RootElement,
        };
    }

    /// <summary>The session file of a machine.</summary>
    public static string SessionOf(string machine) => Path.Combine(machine, "device.session");

    /// <summary>A client of it.</summary>
    public PlainNbd Connect() => PlainNbd.Connect(_socket);

    /// <summary>Kills it, without a last word.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, and waits for that.</summary>
    public async Task<CliRun> StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        return await ToolProcess.EndAsync(_process);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string SocketOf(string machine) => Path.Combine(machine, "nbd.sock");
}
