using System.Text.Json;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using RemoteSwap.Server;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

/// <summary>What a tenant sees of a server that knows who asks: itself, and nothing else.</summary>
public sealed class TenantViewTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private PageServer? _server;

    private string Root => $"remoteswaps://{_server!.GrpcAddress.Authority}";

    public async ValueTask InitializeAsync()
    {
        (await CliRun.StartAsync(
            "certs", "init", "--out", _folder.File("pki"), "--server-name", "127.0.0.1", "--tenant", "vm7",
            "--tenant", "vm8", "--admin", "ops")).Expect(ExitCode.Ok);
        _server = await PageServer.StartAsync(
        [
            "--listen=127.0.0.1:0", "--management=off", "--limit=64MiB", "--Store:FloorPercent=100",
            $"--Security:Certificate={InPki("server.pem")}", $"--Security:Key={InPki("server.key")}",
            $"--Security:ClientCa={InPki("ca.pem")}", "--Tenants:vm7:Limit=32MiB", "--Tenants:vm7:Quotas:Pages=8",
            "--Tenants:vm8:Limit=32MiB",
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_tenant_sees_its_own_figures_and_an_administrator_all()
    {
        JsonElement own = (await AsAsync("tenant-vm7", "stat", "-s", $"{Root}/vm7", "--json")).Json;
        JsonElement all = (await AsAsync("admin-ops", "stat", "-s", Root, "--json")).Json;
        CliRun table = (await AsAsync("tenant-vm7", "stat", "-s", $"{Root}/vm7")).Expect(ExitCode.Ok);

        JsonElement tenant = Assert.Single(own.GetProperty("tenants").EnumerateArray());
        Assert.Equal("vm7", tenant.GetProperty("tenant").GetString());
        Assert.Equal(JsonValueKind.Null, own.GetProperty("server").ValueKind);
        Assert.Equal(2, all.GetProperty("tenants").GetArrayLength());
        Assert.Equal(JsonValueKind.Object, all.GetProperty("server").ValueKind);
        JsonElement unnamed = (await AsAsync("tenant-vm7", "stat", "-s", Root, "--json")).Json;
        Assert.Equal(1, unnamed.GetProperty("tenants").GetArrayLength());
        Assert.Contains("vm7", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("resident", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_sees_no_other_and_not_all()
    {
        CliRun other = (await AsAsync("tenant-vm7", "stat", "-s", $"{Root}/vm8")).Expect(ExitCode.Permission);
        CliRun all = (await AsAsync("tenant-vm7", "stat", "-s", $"{Root}/vm7", "--all")).Expect(ExitCode.Permission);

        Assert.Contains("is 'vm8'; this credential stands for", other.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("vm8", all.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_and_a_refused_page_tell_a_tenant_its_own_figures()
    {
        Dictionary<string, string?> states = await DoctorAsync("vm7");
        CliRun full = (await AsAsync(
            "tenant-vm7", "put", _folder.Random("pages", 64 << 10), "-s", $"{Root}/vm7")).Expect(ExitCode.Failed);

        Assert.Equal("ok", states["tenant"]);
        Assert.DoesNotContain("version", states.Keys);
        Assert.Contains("as many pages as it may, 8 (it has 8)", full.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_of_another_tenant_says_that_it_is_the_tenant_and_not_the_server()
    {
        Dictionary<string, string?> states = await DoctorAsync("vm8");

        Assert.Equal(("ok", "fail", "ok"), (states["server"], states["tenant"], states["latency"]));
    }

    private async Task<Dictionary<string, string?>> DoctorAsync(string tenant) => (await AsAsync(
        "tenant-vm7", "doctor", "-s", $"{Root}/{tenant}", "--json", "--latency-warn", "10s", "--latency-fail", "20s"))
        .Json.GetProperty("checks").EnumerateArray().ToDictionary(
            one => one.GetProperty("name").GetString()!,
            one => one.GetProperty("state").GetString(),
            StringComparer.Ordinal);

    private string InPki(string name) => Path.Combine(_folder.File("pki"), name);

    private Task<CliRun> AsAsync(string who, params string[] args) => CliRun.StartAsync(
        [.. args, "--ca", InPki("ca.pem"), "--cert", InPki($"{who}.pem"), "--key", InPki($"{who}.key")]);
}
