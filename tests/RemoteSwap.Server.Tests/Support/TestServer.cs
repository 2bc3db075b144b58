using System.Net;
using Grpc.Net.Client;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Support;

/// <summary>A real server inside the test, on ports of its own, and clients generated from the protos.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    /// <summary>A tenant that every server here has.</summary>
    public const string TenantA = "vm-a";

    /// <summary>Another one.</summary>
    public const string TenantB = "vm-b";

    /// <summary>
    /// For tests that compare all figures: no scrubber, which counts in its own time and would make two
    /// moments differ by what no call did.
    /// </summary>
    public const string WithoutScrubber = "--Store:ScrubRate=0";

    // A test's limits do not depend on how short of memory the machine is.
    private static readonly string[] s_addresses =
        ["--listen=127.0.0.1:0", "--management=127.0.0.1:0", "--Store:FloorPercent=100"];

    private static readonly string[] s_tenants =
        [$"--Tenants:{TenantA}:Enabled=true", $"--Tenants:{TenantB}:Enabled=true"];

    private readonly GrpcChannel _channel;

    private TestServer(PageServer server)
    {
        Server = server;
        _channel = OpenChannel();
        Pages = new PageStoreService.PageStoreServiceClient(_channel);
        Admin = new AdminService.AdminServiceClient(_channel);
        Management = new HttpClient { BaseAddress = server.ManagementAddress, Timeout = TimeSpan.FromSeconds(60) };
    }

    public PageServer Server { get; }

    public PageStoreService.PageStoreServiceClient Pages { get; }

    public AdminService.AdminServiceClient Admin { get; }

    private HttpClient Management { get; }

    public GrpcChannel Channel => _channel;

    /// <summary>Starts a server with both tenants.</summary>
    public static async Task<TestServer> StartAsync(params string[] settings) =>
        new(await PageServer.StartAsync([.. s_addresses, .. s_tenants, .. settings]));

    /// <summary>A connection of its own.</summary>
    public GrpcChannel OpenChannel() => GrpcChannel.ForAddress(
        Server.GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });

    /// <summary>A tenant's statistics now.</summary>
    public async Task<TenantStatistics> StatisticsAsync(string tenant = TenantA) =>
        (await Admin.GetTenantAsync(new GetTenantRequest { Tenant = tenant })).Tenant;

    /// <summary>Audits everything and asserts that the books balance.</summary>
    public async Task<CheckInvariantsResponse> AssertSoundAsync()
    {
        CheckInvariantsResponse audit = await Admin.CheckInvariantsAsync(new CheckInvariantsRequest { Deep = true });
        Assert.Empty(audit.Violations);
        return audit;
    }

    /// <summary>Asks the management port.</summary>
    public async Task<(HttpStatusCode Status, string Text)> GetAsync(string path)
    {
        using HttpResponseMessage response = await Management.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Management.Dispose();
        _channel.Dispose();
        await Server.DisposeAsync();
    }
}
