using RemoteSwap.Client;
using RemoteSwap.LoadGen.Chaos.Faults;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>
/// A server process that is killed, started again and paused, behind a proxy: its address stays, and connections to it
/// can be cut.
/// </summary>
internal sealed class FailingServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly string _socketPath;
    private ServerProcess _process;

    private FailingServer(DirectoryInfo folder, string socketPath, ServerProcess process)
    {
        _folder = folder;
        _socketPath = socketPath;
        _process = process;
        Proxy = new FaultyProxy(socketPath);
    }

    public FaultyProxy Proxy { get; }

    public static async Task<FailingServer> StartAsync(params string[] args)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("remoteswap-test-");
        string socketPath = Path.Combine(folder.FullName, "pages.sock");
        return new FailingServer(folder, socketPath, await StartAsync(socketPath, args));
    }

    /// <summary>A connection through the proxy.</summary>
    public RemoteSwapConnection Connect(TimeSpan callDeadline, bool waits = false) => RemoteSwapConnection.Open(
        new RemoteSwapClientOptions { Address = Proxy.Address, CallDeadline = callDeadline, WaitsForServer = waits });

    /// <summary>Kills it with signal 9.</summary>
    public async Task KillAsync()
    {
        await _process.SignalAsync("KILL");
        await _process.WaitForExitAsync();
        await _process.DisposeAsync();
    }

    /// <summary>Stops it as an init system does, and waits until it has ended.</summary>
    /// <returns>Its exit code, and all that it has said.</returns>
    public async Task<(int ExitCode, string Said)> StopAsync()
    {
        await _process.TerminateAsync();
        int exitCode = await _process.WaitForExitAsync();
        string said = _process.Errors;
        await _process.DisposeAsync();
        return (exitCode, said);
    }

    /// <summary>All that it has said since it was started last.</summary>
    public string Said => _process.Errors;

    /// <summary>Starts it again at the same address.</summary>
    public async Task StartAgainAsync(params string[] args)
    {
        File.Delete(_socketPath);
        _process = await StartAsync(_socketPath, args);
    }

    public Task PauseAsync() => _process.SignalAsync("STOP");

    public Task GoOnAsync() => _process.SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static Task<ServerProcess> StartAsync(string socketPath, string[] args) =>
        ServerProcess.StartAsync([$"--listen=unix:{socketPath}", .. args]);
}
