using RemoteSwap.LoadGen.Bench.Processes;
using RemoteSwap.Server;

namespace RemoteSwap.LoadGen.Chaos.Processes;

/// <summary>
/// A page server in a process of its own, always on the same socket file, that is killed, started again and paused. Its
/// memory goes with each of its lives. The shell that keeps it (<see cref="PeerProcess"/>) kills it when this process
/// ends, however that ends and also while it is paused.
/// <para>Used by one task at a time.</para>
/// </summary>
internal sealed class ChaosServer : IAsyncDisposable
{
    private readonly string _socketPath;
    private readonly IReadOnlyList<string> _command;
    private PeerProcess? _process;

    private ChaosServer(string socketPath, IReadOnlyList<string> command)
    {
        _socketPath = socketPath;
        _command = command;
    }

    /// <summary>The number of its process, for messages.</summary>
    public int Id => _process?.Id ?? 0;

    /// <summary>Starts it.</summary>
    /// <param name="socketPath">The socket file.</param>
    /// <param name="settings">Its settings, the same in each of its lives.</param>
    /// <param name="ct">Gives the start up.</param>
    /// <exception cref="ChaosFailedException">It does not start.</exception>
    public static async Task<ChaosServer> StartAsync(
        string socketPath, IEnumerable<string> settings, CancellationToken ct)
    {
        ChaosServer server = new(
            socketPath,
            [
                .. SelfProgram.Command(),
                HiddenCommands.ChaosServer,
                $"--Server:Listen=unix:{socketPath}",
                "--Server:Management=off",
                "--Telemetry:Prometheus=false",
                .. settings,
                "--Store:FloorPercent=100",
            ]);
        await server.StartAsync(ct);
        return server;
    }

    /// <summary>What the process does.</summary>
    public static async Task ServeAsync(IReadOnlyList<string> settings)
    {
        await using PageServer server = await PageServer.StartAsync(settings);
        await Task.Delay(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts it again.</summary>
    /// <exception cref="ChaosFailedException">It does not start.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        // A server that was killed has left its socket file, to which nobody listens.
        File.Delete(_socketPath);
        (PeerProcess? process, string reason) = await PeerProcess.TryStartAsync(_command, _socketPath, ct);
        _process = process ?? throw new ChaosFailedException($"the server does not start: {reason}");
    }

    /// <summary>Kills it; it is dead when this returns.</summary>
    public async Task KillAsync()
    {
        Signal.Send(_process!.Id, Signal.Kill);
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Lets it stand still.</summary>
    public void Pause() => Signal.Send(_process!.Id, Signal.Stop);

    /// <summary>Lets it go on.</summary>
    public void Resume() => Signal.Send(_process!.Id, Signal.Continue);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
