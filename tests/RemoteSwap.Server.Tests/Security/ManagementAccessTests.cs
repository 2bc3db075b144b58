using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>The management port on a server that knows identities.</summary>
public sealed class ManagementAccessTests
{
    private const string NeedsAdmin = "--Security:ManagementNeedsAdmin=true";

    private static readonly string[] s_closed =
    [
        "/", "/metrics", "/admin/tenants", "/admin/tenants/" + TestServer.TenantA, "/admin/config", "/admin/check",
        "/console", "/console/page/console.js", "/console/api/figures", "/console/api/frames", "/healthy", "/METRICS",
        "/admin/../metrics", "/no-such",
    ];

    [Fact]
    public async Task WhereOnlyThisMachineReachesItItIsAsItWas()
    {
        await using SecureServer server = await SecureServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, "/admin/tenants", null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, "/metrics", null)).Status);
    }

    [Theory]
    [InlineData("--Server:Management=127.0.0.1:0", NeedsAdmin)]
    [InlineData("--Server:Management=127.0.0.1:0", NeedsAdmin + " --Security:ManagementTls=true")]
    [InlineData("--Server:Management=0.0.0.0:0", "--Security:ManagementTls=true")]
    public async Task AllButHealthIsForAdministrators(string management, string more)
    {
        (string tenant, string admin, string expired) = (Tokens.New(), Tokens.New(), Tokens.New());
        await using SecureServer server = await SecureServer.StartWithAsync(
            "--management",
            Tokens.Line($"tenant {TestServer.TenantA}", tenant) + Tokens.Line("admin ops", admin)
                + Tokens.Line("admin ops", expired, "2020-01-01"),
            [management, .. more.Split(' ')]);

        foreach (string path in s_closed)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(server, path, null)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(server, path, expired)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(server, path, "rst_guess")).Status);
            (HttpStatusCode status, string text) = await GetAsync(server, path, tenant);
            Assert.Equal(HttpStatusCode.Forbidden, status);
            Assert.DoesNotContain(TestServer.TenantB, text);
            Assert.DoesNotContain(
                (await GetAsync(server, path, admin)).Status,
                (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden]);
        }

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, "/health/live", null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, "/health/ready", null)).Status);
    }

    [Fact]
    public async Task HealthNamesNoTenantToWhoMayNotSee()
    {
        string admin = Tokens.New();
        await using SecureServer server = await SecureServer.StartAsync(
            Tokens.Line("admin ops", admin), NeedsAdmin);
        server.Server.PageStore.Tenants[0].Shards[0].CountCorrupt();

        (_, string open) = await GetAsync(server, "/health/ready", null);
        Assert.Contains("Degraded", open);
        Assert.DoesNotContain(TestServer.TenantA, open);
        (_, string full) = await GetAsync(server, "/health/ready", admin);
        Assert.Contains(TestServer.TenantA, full);
    }

    [Fact]
    public async Task MetricsMayBeOpenedAlone()
    {
        await using SecureServer server =
            await SecureServer.StartAsync("", NeedsAdmin, "--Security:MetricsNeedAdmin=false");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, "/metrics", null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(server, "/admin/config", null)).Status);
    }

    [Fact]
    public async Task ACertificateOpensItOverTls()
    {
        await using SecureServer server =
            await SecureServer.StartAsync("", NeedsAdmin, "--Security:ManagementTls=true");
        Assert.Equal(Uri.UriSchemeHttps, server.Server.ManagementAddress!.Scheme);
        X509Certificate2 admin = server.Authority.Client("remoteswap://admin/ops");
        X509Certificate2 tenant = server.Authority.Client("remoteswap://tenant/" + TestServer.TenantA);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, "/admin/tenants", null, admin)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(server, "/admin/tenants", null, tenant)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(server, "/admin/tenants", null)).Status);
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(
        SecureServer server, string path, string? token, X509Certificate2? certificate = null)
    {
        UriBuilder address = new(server.Server.ManagementAddress!) { Host = "127.0.0.1" };
        using SocketsHttpHandler handler = server.Handler(certificate);
        handler.AllowAutoRedirect = false;
        using HttpClient client = new(handler) { BaseAddress = address.Uri };
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
