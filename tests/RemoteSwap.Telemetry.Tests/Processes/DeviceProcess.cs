using System.Diagnostics;

namespace RemoteSwap.Telemetry.Tests.Processes;

/// <summary>An NBD device as a process of its own.</summary>
internal sealed class DeviceProcess : IAsyncDisposable
{
    private readonly OwnProcess _process;
    private readonly string _socket;

    private DeviceProcess(OwnProcess process, string socket)
    {
        _process = process;
        _socket = socket;
    }

    public string Said => _process.Said;

    /// <summary>Starts one and waits until clients can connect.</summary>
    /// <param name="uri">Server and tenant.</param>
    /// <param name="folder">A folder of its own.</param>
    /// <param name="environment">Variables of its own.</param>
    public static async Task<DeviceProcess> StartAsync(
        string uri, string folder, IEnumerable<(string Name, string Value)> environment)
    {
        string socket = Path.Combine(folder, "nbd.sock");
        ProcessStartInfo start = OwnProcess.Dotnet(
            BuiltFrom.Get("ToolPath"),
            [
                "nbd", "--size", "4MiB", "--unix", socket, "--session", Path.Combine(folder, "session"), "--json",
                "--timeout", "30s",
            ]);
        start.Environment["REMOTESWAP_URI"] = uri;
        start.Environment["TMPDIR"] = folder;
        start.Environment["XDG_RUNTIME_DIR"] = "";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new DeviceProcess(await OwnProcess.StartAsync(start, line => line == "}"), socket);
    }

    /// <summary>A client of it.</summary>
    public PlainNbd Connect() => PlainNbd.Connect(_socket);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
