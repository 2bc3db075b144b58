using System.Text.RegularExpressions;

namespace RemoteSwap.Vm.Tests.Disks;

/// <summary>A page server with one tenant, on a Unix socket, and a folder for the sockets of a test.</summary>
internal sealed partial class PageServer : IAsyncDisposable
{
    private const string Tenant = "guest";

    private readonly ServerProcess _server;

    private PageServer(ServerProcess server, string? socket)
    {
        _server = server;
        Uri = socket is null ? UriAt(server.Address.Authority) : $"remoteswap+unix:///{Tenant}?socket={socket}";
        Management = new Uri(ManagementAddress().Match(server.Errors).Groups["uri"].Value);
    }

    /// <summary>The tenant, as the device takes it.</summary>
    public string Uri { get; }

    private Uri Management { get; }

    public static async Task<PageServer> StartAsync(string folder)
    {
        string socket = Path.Combine(folder, "pages.sock");
        return new PageServer(
            await ServerProcess.StartAsync(
                $"--listen=unix:{socket}", "--limit=640MiB", $"--Tenants:{Tenant}:Limit=512MiB"),
            socket);
    }

    /// <summary>A server that is reached over TCP.</summary>
    public static async Task<PageServer> StartTcpAsync() => new(
        await ServerProcess.StartAsync(
            "--listen=127.0.0.1:0", "--limit=640MiB", $"--Tenants:{Tenant}:Limit=512MiB"),
        socket: null);

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
