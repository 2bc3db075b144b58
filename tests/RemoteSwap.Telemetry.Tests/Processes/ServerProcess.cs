using System.Diagnostics;

namespace RemoteSwap.Telemetry.Tests.Processes;

/// <summary>The server as a process of its own, as a user starts it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly OwnProcess _process;

    private ServerProcess(OwnProcess process)
    {
        _process = process;
        string[] lines = process.Said.Split('\n');
        Address = AddressIn(lines, "pages (gRPC)");
        Management = AddressIn(lines, "management");
    }

    /// <summary>Where gRPC is served.</summary>
    public Uri Address { get; }

    /// <summary>Where health and metrics are served.</summary>
    public Uri Management { get; }

    public string Said => _process.Said;

    /// <summary>Starts one on ports that the system picks, and waits for its report.</summary>
    public static async Task<ServerProcess> StartAsync(
        IEnumerable<(string Name, string Value)> environment, params string[] args)
    {
        ProcessStartInfo start = OwnProcess.Dotnet(
            "remoteswap-server.dll",
            ["--listen=127.0.0.1:0", "--management=127.0.0.1:0", "--Store:FloorPercent=100", .. args]);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ServerProcess(await OwnProcess.StartAsync(
            start, line => line.StartsWith("  tenant ", StringComparison.Ordinal)));
    }

    /// <summary>A tenant, as the tool takes it.</summary>
    public string Of(string tenant) => $"remoteswap://{Address.Authority}/{tenant}";

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static Uri AddressIn(string[] lines, string what) => new(lines
        .First(line => line.Contains(what, StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .First(word => word.StartsWith("http://", StringComparison.Ordinal)));
}
