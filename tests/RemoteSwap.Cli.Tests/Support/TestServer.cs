using RemoteSwap.Server;
using Xunit;

[assembly: AssemblyFixture(typeof(RemoteSwap.Cli.Tests.Support.TestServer))]

namespace RemoteSwap.Cli.Tests.Support;

/// <summary>
/// A real server inside the test, one for all of them, with a spill file. Each test has a tenant of its own, so tests
/// run beside each other.
/// </summary>
public sealed class TestServer : IAsyncLifetime
{
    private static readonly string[] s_tenants =
    [
        "put", "ping", "stat", "json", "field", "limits", "switch", "forget", "ask", "dry", "spill", "holes", "wrong",
        "process", "stopped", "doctor", "shut", "there", "shape", "device", "thin",
        "fair", "idle", Cache,
    ];

    private readonly TempFolder _folder = new();
    private PageServer? _server;

    /// <summary>A tenant whose pages may go at any time.</summary>
    public const string Cache = "cache";

    /// <summary>A tenant of 1 MiB.</summary>
    public const string Small = "small";

    /// <summary>Where gRPC is served.</summary>
    public Uri Address => _server!.GrpcAddress;

    /// <summary>The server without a tenant, as the tool takes it.</summary>
    public string Root => $"remoteswap://{Address.Authority}";

    /// <summary>A tenant, as the tool takes it.</summary>
    public string Of(string tenant) => $"{Root}/{tenant}";

    public async ValueTask InitializeAsync() => _server = await PageServer.StartAsync(
    [
        "--listen=127.0.0.1:0", "--management=off", "--limit=64MiB", "--Store:FloorPercent=100",
        $"--spill={_folder.File("spill")}", "--spill-limit=16MiB", $"--Tenants:{Small}:Limit=1MiB",
        $"--Tenants:{Cache}:Retention=Ephemeral",
        .. s_tenants.Select(tenant => $"--Tenants:{tenant}:Limit=32MiB"),
    ]);

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _folder.Dispose();
        Directory.Delete(ToolProcess.RuntimeFolder, recursive: true);
    }
}
