using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.Server;
using RemoteSwap.Server.Options;
using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Run;

/// <summary>A real page server in this process, on a loopback port that the system chooses.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    // A page may need a frame of its own; index, handles and rounding come on top.
    private const double LimitFactor = 1.25;
    private const long LeastLimitBytes = 64L << 20;

    private readonly PageServer _server;

    private EmbeddedServer(PageServer server, ByteSize limit)
    {
        _server = server;
        Limit = limit;
    }

    /// <summary>Where gRPC is served.</summary>
    public Uri Address => _server.GrpcAddress;

    /// <summary>Memory that the server may use for pages.</summary>
    public ByteSize Limit { get; }

    /// <summary>
    /// Starts a server whose limit is the one asked for, or one that holds all pages even if none compresses.
    /// </summary>
    /// <exception cref="RunFailedException">The server does not take the settings.</exception>
    public static async Task<EmbeddedServer> StartAsync(LoadOptions options, long pages)
    {
        ByteSize limit = options.Memory
            ?? new ByteSize(Math.Max(LeastLimitBytes, (long)(pages * PageSize.Bytes * LimitFactor)));
        string bytes = FormattableString.Invariant($"{limit.Bytes}");

        // Nobody asks the management port of a server that ends with this run.
        List<string> arguments =
        [
            "--Server:Listen=127.0.0.1:0",
            "--Server:Management=off",
            "--Telemetry:Prometheus=false",

            // What is measured does not depend on the machine's other memory.
            "--Store:FloorPercent=100",
            $"--Store:Limit={bytes}",
            .. options.Tenants.Select(tenant => $"--Tenants:{tenant}:Limit={bytes}"),
        ];
        if (options.SpillFolder is { } folder)
        {
            arguments.Add($"--Spill:Path={Path.Combine(folder, $"remoteswap-spill-{Environment.ProcessId}")}");
            arguments.Add(FormattableString.Invariant($"--Spill:Limit={SpillBytes(pages)}"));
        }

        try
        {
            return new EmbeddedServer(await PageServer.StartAsync(arguments), limit);
        }
        catch (SettingsException wrong)
        {
            throw new RunFailedException(
                ExitCode.Usage, $"the server in this process does not start: {wrong.Message}", wrong);
        }
    }

    /// <summary>Room for all pages even if each had an image of its own.</summary>
    public static long SpillBytes(long pages) => Math.Max(LeastLimitBytes, pages * PageSize.Bytes);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
