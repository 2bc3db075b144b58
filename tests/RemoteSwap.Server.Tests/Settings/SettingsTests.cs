using Grpc.Core;
using Microsoft.Extensions.Configuration;
using RemoteSwap.Server.Options;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Settings;

/// <summary>Wrong settings: the server does not start and says everything that is wrong with them.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void TheVariableOfTheClientIsNoWrongSetting()
    {
        IConfiguration environment = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("URI", (string?)"remoteswap://127.0.0.1:7420/vm7")])
            .Build();
        Assert.Empty(ConfigurationKeys.FindUnknown(environment));
    }

    [Theory]
    [InlineData("--Store:Limit=1KiB", "Store:Limit is '1KiB'")]
    [InlineData("--Store:Limit=lots", "Store:Limit is 'lots'")]
    [InlineData("--Store:Limit=9TiB", "Store:Limit is '9TiB'")]
    [InlineData("--Store:Limit=-1", "Store:Limit is '-1'")]
    [InlineData("--Store:Limit=", "Store:Limit is ''")]
    [InlineData("--Store:AcceptThresholdPercent=0", "Store:AcceptThresholdPercent is 0")]
    [InlineData("--Store:AcceptThresholdPercent=101", "Store:AcceptThresholdPercent is 101")]
    [InlineData("--Store:AcceptThresholdPercent=many",
        "Store:AcceptThresholdPercent is 'many'; it must be a whole number")]
    [InlineData("--Store:Warm=much", "Store:Warm is 'much'")]
    [InlineData("--Store:ScrubRate=fast", "Store:ScrubRate is 'fast'")]
    [InlineData("--Store:ScrubRate=-1", "Store:ScrubRate is '-1'")]
    [InlineData("--Store:ScrubRate=65GiB", "Store:ScrubRate is '65GiB' (65 GiB); it must be from 0 B to 64 GiB")]
    [InlineData("--Store:CompactAbovePercent=100", "Store:CompactAbovePercent is 100; it must be from 0 to 99")]
    [InlineData("--Store:FloorPercent=0", "Store:FloorPercent is 0; it must be from 1 to 100")]
    [InlineData("--Store:FloorPercent=101", "Store:FloorPercent is 101")]
    [InlineData("--Server:MaxConnections=0", "Server:MaxConnections is 0")]
    [InlineData("--Transport:MaxStreams=0", "Transport:MaxStreams is 0; it must be from 1 to 100000")]
    [InlineData("--Transport:MaxHeaderBytes=2MiB", "Transport:MaxHeaderBytes is '2MiB'")]
    [InlineData("--Transport:HeadersTimeout=0s", "Transport:HeadersTimeout is '0s'")]
    [InlineData(
        "--Transport:PingDelay=11m", "Transport:PingDelay is '11m'; it must be a time from 1s to 10m or \"off\"")]
    [InlineData("--Transport:PingTimeout=off", "Transport:PingTimeout is 'off'")]
    [InlineData("--Server:ShutdownTimeout=0s", "Server:ShutdownTimeout is '0s'")]
    [InlineData("--Server:ShutdownTimeout=11m", "Server:ShutdownTimeout is '11m'")]
    [InlineData("--Server:Reflection=perhaps", "Server:Reflection is 'perhaps'; it must be true or false")]
    [InlineData("--Server:Listen=nowhere", "Server:Listen is 'nowhere'")]
    [InlineData("--listen=0.0.0.0:7420", "Server:Listen is '0.0.0.0:7420', which other machines can reach")]
    [InlineData("--listen=[::]:7420", "which other machines can reach")]
    [InlineData("--management=192.168.1.1:7421",
        "Server:Management is '192.168.1.1:7421', which other machines can reach")]
    [InlineData("--spill=/no/such/folder/spill", "Spill:Path is '/no/such/folder/spill'")]
    [InlineData("--spill=/", "Spill:Path is '/'")]
    [InlineData("--spill=a\0b", "Spill:Path has a null character")]
    [InlineData("--spill-limit=1", "Spill:Limit is '1'")]
    [InlineData("--Spill:Encrypt=maybe", "Spill:Encrypt is 'maybe'; it must be true or false")]
    [InlineData("--Process:CoreDumps=some", "Process:CoreDumps is 'some'; it must be true or false")]
    [InlineData("--Tenants:vm7:Limit=1", "Tenants:vm7:Limit is '1'")]
    [InlineData("--Quotas:Pages=many", "Quotas:Pages is 'many'; it must be a whole number from 0 (no bound)")]
    [InlineData("--Tenants:vm7:Quotas:CallsPerSecond=-1", "Tenants:vm7:Quotas:CallsPerSecond is '-1'")]
    [InlineData("--Tenants:vm7:Quotas:InFlight=9000TiB", "Tenants:vm7:Quotas:InFlight is '9000TiB'")]
    [InlineData("--Tenants:vm7:Quotas:BytesPerSecond=fast", "Tenants:vm7:Quotas:BytesPerSecond is 'fast'")]
    [InlineData("--Tenants:vm7:Areas=0", "Tenants:vm7:Areas is 0")]
    [InlineData("--Tenants:vm7:Areas=65537", "Tenants:vm7:Areas is 65537")]
    [InlineData("--Tenants:vm7:AreaSize=4095", "Tenants:vm7:AreaSize is '4095'")]
    [InlineData("--Tenants:vm7:Incompressible=7", "Tenants:vm7:Incompressible is '7'")]
    [InlineData("--Tenants:vm7:Shards=x", "Tenants:vm7:Shards is 'x'; it must be a whole number")]
    [InlineData("--Tenants:vm7:Shards=99999999999", "Tenants:vm7:Shards is '99999999999'")]
    [InlineData("--Tenants:vm7:Shards=65", "Tenants:vm7:Shards is 65")]
    [InlineData(
        "--Tenants:vm7:Incompressible=Burn",
        "Tenants:vm7:Incompressible is 'Burn'; it must be Keep or Spill or Reject")]
    [InlineData("--Tenants:vm7:AcceptThresholdPercent=0", "Tenants:vm7:AcceptThresholdPercent is 0")]
    [InlineData("--Tenants:vm 7:Enabled=true", "Tenants:vm 7: a tenant's name")]
    [InlineData("--Store:Limitt=1GiB", "Store:Limitt is no setting")]
    [InlineData("--Stroe:Limit=1GiB", "Stroe:Limit is no setting")]
    [InlineData("--Tenants:vm7:Limitt=1GiB", "Tenants:vm7:Limitt is no setting")]
    [InlineData("--Store:Limit:Max=1GiB", "Store:Limit:Max is no setting")]
    [InlineData("--config=/no/such/file.json", "/no/such/file.json")]
    public async Task WrongSettingIsNamed(string argument, string expected)
    {
        SettingsException failure = await RefuseAsync(argument);
        Assert.Contains(expected, Assert.Single(failure.Errors));
        Assert.Contains(expected, failure.Message);
    }

    [Theory]
    [InlineData("listen", "'listen' is no option")]
    [InlineData("--listen", "has no value")]
    [InlineData("--lissen=127.0.0.1:0", "'--lissen=127.0.0.1:0' is not known")]
    public async Task WrongOptionIsNamed(string argument, string expected)
    {
        SettingsException failure =
            await Assert.ThrowsAsync<SettingsException>(() => PageServer.StartAsync([argument]));
        Assert.Contains(expected, failure.Message);
    }

    [Fact]
    public async Task OptionGivenTwiceIsRefused()
    {
        SettingsException failure = await RefuseAsync("--limit=1GiB", "--Store:Limit=2GiB");
        Assert.Contains("given twice", failure.Message);
    }

    [Fact]
    public async Task AllErrorsAreListedAtOnce()
    {
        SettingsException failure = await RefuseAsync(
            "--limit=1", "--Server:MaxConnections=0", "--spill-limit=x", "--Tenants:vm7:Areas=0",
            "--Tenants:vm8:Limit=no",
            "--Tenants:vm8:Typo=1", "--Tenants:vm8:Enabled=perhaps", "--Store:AcceptThresholdPercent=x",
            "--Store:ScrubRate=x");

        Assert.Equal(9, failure.Errors.Count);
        Assert.All(
            (string[])["Store:Limit", "MaxConnections", "Spill:Limit", "vm7:Areas", "vm8:Limit", "vm8:Typo",
                "vm8:Enabled", "Store:Accept", "Store:ScrubRate"],
            name => Assert.Single(failure.Errors, error => error.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SettingsFileThatIsNoJsonIsNamed()
    {
        using SpillFolder folder = new();
        string file = folder.File + ".json";
        await File.WriteAllTextAsync(file, "{ \"Store\": { \"Limit\": ");
        SettingsException failure = await RefuseAsync($"--config={file}");
        Assert.Contains(file, failure.Message);
    }

    [Fact]
    public async Task SpillFileThatCannotBeMadeIsNamed()
    {
        SettingsException failure = await RefuseAsync("--spill=/proc/remoteswap-spill");
        Assert.Contains("Spill:Path is '/proc/remoteswap-spill'", Assert.Single(failure.Errors));
    }

    [Fact]
    public async Task TenantsComeFromAFileAndTheCommandLineWins()
    {
        using SpillFolder folder = new();
        string file = folder.File + ".json";
        await File.WriteAllTextAsync(file, """
            {
              "Store": { "Limit": "64MiB" },
              "Tenants": {
                "vm7": { "Limit": "8MiB", "Areas": 2, "AreaSize": "1MiB", "Shards": 1, "Incompressible": "Reject" },
                "vm8": { "Enabled": false, "AcceptThresholdPercent": 50 }
              }
            }
            """);
        await using PageServer server = await PageServer.StartAsync(
            ["--listen=127.0.0.1:0", "--management=off", "--config", file, "--Tenants:vm7:Limit=4MiB"]);

        Assert.Equal("vm7 vm8", string.Join(' ', server.PageStore.Tenants.Select(tenant => tenant.Name)));
        TenantOptions vm7 = server.PageStore.Tenants[0].Options;
        Assert.Equal((4L << 20, 2, 256L, 1), (vm7.LimitBytes, vm7.Areas, vm7.AreaSlots, vm7.Shards));
        Assert.Equal(IncompressiblePolicy.Reject, vm7.Incompressible);
        TenantOptions vm8 = server.PageStore.Tenants[1].Options;
        Assert.Equal((null, false, 50), (vm8.LimitBytes, vm8.Enabled, vm8.AcceptThresholdPercent));
        Assert.Equal(64L << 20, server.PageStore.Options.LimitBytes);
    }

    [Fact]
    public async Task ConfiguredAreasBoundWhatCallsMayName()
    {
        await using TestServer server =
            await TestServer.StartAsync("--Tenants:vm7:Areas=2", "--Tenants:vm7:AreaSize=1MiB");
        await server.Pages.StoreAsync(Batch.Store(255, PageKinds.Text(1), tenant: "vm7", area: 1));
        await server.AssertHoldsAsync([255], [PageKinds.Text(1)], "vm7", area: 1);

        RpcException slot = await Assert.ThrowsAsync<RpcException>(
            () => server.Pages.LoadAsync(Batch.Load([256], "vm7")).ResponseAsync);
        Assert.Contains("slots 0 to 255", slot.Status.Detail);
        RpcException area = await Assert.ThrowsAsync<RpcException>(
            () => server.Pages.LoadAsync(Batch.Load([0], "vm7", area: 2)).ResponseAsync);
        Assert.Contains("areas 0 to 1", area.Status.Detail);
        InvalidateRequest range = Batch.InvalidateRange(0, 257);
        range.Tenant = "vm7";
        RpcException end = await Assert.ThrowsAsync<RpcException>(
            () => server.Pages.InvalidateAsync(range).ResponseAsync);
        Assert.Equal(StatusCode.OutOfRange, end.StatusCode);
    }

    [Fact]
    public async Task WithoutTenantsThereIsOneNamedDefault()
    {
        await using PageServer server =
            await PageServer.StartAsync(["--listen=127.0.0.1:0", "--management=127.0.0.1:0"]);
        Assert.Equal("default", Assert.Single(server.PageStore.Tenants).Name);
    }

    [Theory]
    [InlineData(new string[0], 32L << 20)]
    [InlineData(new[] { "--Store:ScrubRate=0" }, 0)]
    [InlineData(new[] { "--Store:ScrubRate=1.5MiB" }, 3L << 19)]
    public async Task ScrubRateIsASizeASecondAndMayBeNone(string[] args, long expected)
    {
        await using PageServer server =
            await PageServer.StartAsync(["--listen=127.0.0.1:0", "--management=off", .. args]);
        Assert.Equal(expected, server.PageStore.Options.ScrubBytesPerSecond);
    }

    private static Task<SettingsException> RefuseAsync(params string[] args) =>
        Assert.ThrowsAsync<SettingsException>(async () =>
    {
        await using PageServer server = await PageServer.StartAsync(
            [.. Default(args, "--listen"), .. Default(args, "--management"), .. args]);
    });

    private static string[] Default(string[] args, string option) =>
        Array.Exists(args, arg =>
            arg.StartsWith(option, StringComparison.Ordinal) || arg.Contains("Server:Listen", StringComparison.Ordinal))
            ? []
            : [$"{option}=127.0.0.1:0"];
}
