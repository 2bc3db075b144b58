using System.Net;
using System.Text.Json;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Operations;

/// <summary>The management port, and that each port serves its own and nothing of the other.</summary>
public sealed class ManagementTests
{
    [Fact]
    public async Task HealthIsServed()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await server.GetAsync("/health/live"));
        (HttpStatusCode status, string text) = await server.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("Healthy", text);
    }

    [Fact]
    public async Task TenantsAreServedAsJsonWithTheNamesOfTheProto()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Pages.StoreAsync(Batch.Store(Batch.Slots(8), [.. Enumerable.Range(0, 8).Select(PageKinds.Any)]));

        (HttpStatusCode status, string text) = await server.GetAsync("/admin/tenants");
        Assert.Equal(HttpStatusCode.OK, status);
        using JsonDocument all = JsonDocument.Parse(text);
        JsonElement tenant = all.RootElement.GetProperty("tenants")[0];
        Assert.Equal(TestServer.TenantA, tenant.GetProperty("tenant").GetString());
        Assert.Equal("8", tenant.GetProperty("stored_pages").GetString());
        Assert.Equal("2", tenant.GetProperty("same_filled_pages").GetString());
        Assert.Equal(
            (await server.StatisticsAsync()).UsedBytes.ToString(),
            all.RootElement.GetProperty("server").GetProperty("used_bytes").GetString());

        (status, text) = await server.GetAsync($"/admin/tenants/{TestServer.TenantA}");
        Assert.Equal(HttpStatusCode.OK, status);
        using JsonDocument one = JsonDocument.Parse(text);
        Assert.Equal(tenant.GetRawText().Length, one.RootElement.GetRawText().Length);
        Assert.Equal("0", one.RootElement.GetProperty("spill_loads").GetString());
    }

    [Fact]
    public async Task UnknownTenantIsNotFoundByName()
    {
        await using TestServer server = await TestServer.StartAsync();
        (HttpStatusCode status, string text) = await server.GetAsync("/admin/tenants/vm-x");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("vm-x", text);
    }

    [Fact]
    public async Task SettingsAndAuditAreServed()
    {
        await using TestServer server = await TestServer.StartAsync("--Server:MaxConnections=77");
        await server.StoreOneAsync(1, PageKinds.Text(1));

        (HttpStatusCode status, string text) = await server.GetAsync("/admin/config");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Matches(@"Server:MaxConnections\s+77\s+command line", text);

        (status, text) = await server.GetAsync("/admin/check?deep=true");
        Assert.Equal(HttpStatusCode.OK, status);
        using JsonDocument audit = JsonDocument.Parse(text);
        Assert.Equal(0, audit.RootElement.GetProperty("violations").GetArrayLength());
        Assert.Equal("1", audit.RootElement.GetProperty("zpages_verified").GetString());
        (_, text) = await server.GetAsync("/admin/check");
        using JsonDocument quick = JsonDocument.Parse(text);
        Assert.Equal("0", quick.RootElement.GetProperty("zpages_verified").GetString());
    }

    [Fact]
    public async Task WrongQueriesAreRefused()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await server.GetAsync("/admin/check?deep=maybe")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/console/page/none.js")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/admin")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/admin/tenants/%0d%0a")).Status);
    }

    [Fact]
    public async Task MetricsAreServedUnlessSwitchedOff()
    {
        await using TestServer with = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await with.GetAsync("/metrics")).Status);
        await using TestServer without = await TestServer.StartAsync("--Telemetry:Prometheus=false");
        Assert.Equal(HttpStatusCode.NotFound, (await without.GetAsync("/metrics")).Status);
    }

    [Fact]
    public async Task PortsDoNotServeEachOthersEndpoints()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpClient client = new() { Timeout = TimeSpan.FromSeconds(60) };
        string[] paths =
        [
            "/health/live", "/health/ready", "/metrics", "/admin/tenants", "/admin/config", "/admin/check",
            "/console", "/console/api/figures", "/console/api/frames",
        ];
        foreach (string path in paths)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(server.Server.GrpcAddress, path))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.Contains(
                response.StatusCode, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed]);
        }

        using ByteArrayContent message = new(RawCall.Framed([]));
        message.Headers.ContentType = new("application/grpc");
        using HttpResponseMessage ping = await client.PostAsync(
            new Uri(server.Server.ManagementAddress!, $"/{PageStoreService.Descriptor.FullName}/Ping"), message);
        Assert.Equal(HttpStatusCode.NotFound, ping.StatusCode);
    }

    [Fact]
    public async Task ManagementMayBeSwitchedOff()
    {
        await using PageServer server = await PageServer.StartAsync(["--listen=127.0.0.1:0", "--management=off"]);
        Assert.Null(server.ManagementAddress);
        Assert.Equal(Uri.UriSchemeHttp, server.GrpcAddress.Scheme);
    }
}
