using System.Text.RegularExpressions;

namespace RemoteSwap.Vm.Tests.Disks;

/// <summary>A page server with one tenant, on a Unix socket, and a folder for the sockets of a test.</summary>
internal sealed partial class PageServer : IAsyncDisposable
{
    private const string Tenant = "guest";

    private readonly string[] _args;
    private ServerProcess _server;

    private PageServer(ServerProcess server, string[] args, string? socket)
    {
        _server = server;
        _args = args;
        Uri = socket is null ? UriAt(server.Address.Authority) : $"remoteswap+unix:///{Tenant}?socket={socket}";
    }

    /// <summary>The tenant, as the device takes it.</summary>
    public string Uri { get; }

    private Uri Management => new(ManagementAddress().Match(_server.Errors).Groups["uri"].Value);

    public static async Task<PageServer> StartAsync(string folder, string? stateFolder = null)
    {
        string socket = Path.Combine(folder, "pages.sock");
        string[] args = [$"--listen=unix:{socket}", "--limit=640MiB", $"--Tenants:{Tenant}:Limit=512MiB"];
        args = stateFolder is null ? args : [.. args, $"--state={stateFolder}"];
        return new PageServer(await ServerProcess.StartAsync(args), args, socket);
    }

    /// <summary>Drains it and starts it anew, as an upgrade does.</summary>
    /// <returns>What it said of that.</returns>
    public async Task<string> UpgradeAsync()
    {
        await _server.TerminateAsync();
        int exitCode = await _server.WaitForExitAsync();
        string said = _server.Errors;
        Assert.True(exitCode == 0, said);
        await _server.DisposeAsync();
        _server = await ServerProcess.StartAsync(_args);
        return $"{said}{_server.Errors}";
    }

    /// <summary>A server that is reached over TCP.</summary>
    public static async Task<PageServer> StartTcpAsync()
    {
        string[] args = ["--listen=127.0.0.1:0", "--limit=640MiB", $"--Tenants:{Tenant}:Limit=512MiB"];
        return new PageServer(await ServerProcess.StartAsync(args), args, socket: null);
    }

    /// <summary>Where gRPC is served.</summary>
    public Uri Address => _server.Address;

    /// <summary>The tenant at another address that leads here.</summary>
    public static string UriAt(string authority) => $"remoteswap://{authority}/{Tenant}";

    /// <summary>What the tenant has stored now.</summary>
    public Task<TenantPages> PagesAsync() => TenantPages.OfAsync(Management, Tenant);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [GeneratedRegex(@"management +(?<uri>http://\S+:\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex ManagementAddress();
}
