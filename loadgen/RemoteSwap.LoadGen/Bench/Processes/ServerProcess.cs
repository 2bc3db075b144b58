using System.Text.Json;
using RemoteSwap.LoadGen.Bench.Wire;

namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>A page server in a process of its own.</summary>
internal sealed class ServerProcess : IMeasuredServer, IAsyncDisposable
{
    // As the server's own program has it.
    private static readonly Dictionary<string, string> s_environment =
        new(StringComparer.Ordinal) { ["DOTNET_gcServer"] = "1" };

    private static readonly Dictionary<string, string> s_nothingMore = [];

    private readonly SelfProcess _process;

    private ServerProcess(SelfProcess process, ServerHello hello)
    {
        _process = process;
        Address = hello.Address;
        Management = hello.Management;
    }

    /// <summary>Where gRPC is served.</summary>
    public string Address { get; }

    /// <summary>Where metrics are served.</summary>
    public string Management { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="listen">Where it serves gRPC, as its own option has it.</param>
    /// <param name="limitBytes">Memory for pages, of all tenants together.</param>
    /// <param name="pingArenaBytes">Memory for pings that copy; 0: none.</param>
    /// <param name="tenants">The tenants.</param>
    /// <param name="more">Further settings, as on its command line.</param>
    /// <param name="variables">Variables of its environment, beside this process's; null: nothing more.</param>
    /// <param name="ct">Gives the start up.</param>
    /// <exception cref="BenchFailedException">It does not start.</exception>
    public static async Task<ServerProcess> StartAsync(
        string listen,
        long limitBytes,
        long pingArenaBytes,
        IEnumerable<string> tenants,
        IEnumerable<string> more,
        IReadOnlyDictionary<string, string>? variables,
        CancellationToken ct)
    {
        string[] settings =
        [
            $"--Server:Listen={listen}",
            "--Server:Management=127.0.0.1:0",
            FormattableString.Invariant($"--Server:PingArena={pingArenaBytes}"),
            FormattableString.Invariant($"--Store:Limit={limitBytes}"),
            "--Store:FloorPercent=100",
            .. more,
            .. tenants.Select(tenant => FormattableString.Invariant($"--Tenants:{tenant}:Limit={limitBytes}")),
        ];
        Dictionary<string, string> environment = new(s_environment, StringComparer.Ordinal);
        foreach ((string name, string value) in variables ?? s_nothingMore)
        {
            environment[name] = value;
        }

        SelfProcess process = SelfProcess.Start(HiddenCommands.Server, settings, environment);
        try
        {
            ServerHello hello =
                JsonSerializer.Deserialize(await process.ReadAsync(ct), WorkJsonContext.Default.ServerHello)!;
            return new ServerProcess(process, hello);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<ServerFigures> ReadAsync(CancellationToken ct) =>
        JsonSerializer.Deserialize(await _process.AskAsync("?", ct), WorkJsonContext.Default.ServerFigures)!;

    /// <inheritdoc/>
    public long ResidentBytes() => ProcessFigures.ResidentBytes(_process.Id);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
