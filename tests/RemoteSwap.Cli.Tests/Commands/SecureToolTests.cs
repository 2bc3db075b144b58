using System.Text.Json;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

/// <summary>Commands that reach a server do so over TLS with a certificate, and say what is wrong if not.</summary>
public sealed class SecureToolTests(TestServer server) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    private string Pki => _folder.File("pki");

    public async ValueTask InitializeAsync() => (await CliRun.StartAsync(
        "certs", "init", "--out", Pki, "--tenant", "export", "--server-name", "127.0.0.1")).Expect(ExitCode.Ok);

    [Fact]
    public async Task Pages_and_figures_travel_over_tls()
    {
        await using TlsProxy proxy = new(Pki, server.Address, asksClients: true);
        string page = _folder.Random("pages", 64 << 10);
        string back = _folder.File("back");
        string uri = $"{proxy.Root}/export";

        (await RunAsync("put", page, "-s", uri, "--area", "3")).Expect(ExitCode.Ok);
        (await RunAsync("get", back, "-s", uri, "--area", "3", "--pages", "16")).Expect(ExitCode.Ok);
        CliRun stat = (await RunAsync("stat", "-s", uri, "--json")).Expect(ExitCode.Ok);
        (await RunAsync("tenants", "-s", proxy.Root)).Expect(ExitCode.Ok);
        (await RunAsync("areas", "-s", proxy.Root)).Expect(ExitCode.Ok);
        (await RunAsync("top", "-s", proxy.Root, "--once", "--interval", "100ms", "--json")).Expect(ExitCode.Ok);
        (await RunAsync("ping", "-s", uri, "-n", "2")).Expect(ExitCode.Ok);
        (await RunAsync("invalidate", "-s", uri, "--area", "3", "--all", "--yes")).Expect(ExitCode.Ok);

        Assert.Equal(await File.ReadAllBytesAsync(page), await File.ReadAllBytesAsync(back));
        Assert.Contains("remoteswaps://", stat.Output, StringComparison.Ordinal);
        Assert.InRange(proxy.Connections, 8, 100);
    }

    [Fact]
    public async Task The_environment_stands_for_the_options()
    {
        await using TlsProxy proxy = new(Pki, server.Address, asksClients: true);
        Dictionary<string, string> variables = new(StringComparer.Ordinal)
        {
            ["REMOTESWAP_URI"] = proxy.Root,
            ["REMOTESWAP_CA"] = InPki("ca.pem"),
            ["REMOTESWAP_CERT"] = InPki("tenant-export.pem"),
            ["REMOTESWAP_KEY"] = InPki("tenant-export.key"),
        };

        CliRun run = await CliRun.StartAsync(
            ["ping", "-n", "1"], around => around with { Variable = variables.GetValueOrDefault });

        run.Expect(ExitCode.Ok);
    }

    [Fact]
    public async Task Without_a_certificate_or_with_the_wrong_authority_it_ends_with_77_and_says_why()
    {
        await using TlsProxy proxy = new(Pki, server.Address, asksClients: true);
        string other = _folder.File("other");
        (await CliRun.StartAsync("certs", "init", "--out", other)).Expect(ExitCode.Ok);

        CliRun none = (await CliRun.StartAsync("tenants", "-s", proxy.Root, "--ca", InPki("ca.pem")))
            .Expect(ExitCode.Permission);
        CliRun pages = (await CliRun.StartAsync("ping", "-s", proxy.Root, "--ca", InPki("ca.pem")))
            .Expect(ExitCode.Permission);
        CliRun wrong = (await CliRun.StartAsync(
            "tenants", "-s", proxy.Root, "--ca", Path.Combine(other, "ca.pem"))).Expect(ExitCode.Permission);

        Assert.Contains("it wants a certificate", none.Error, StringComparison.Ordinal);
        Assert.Contains("it wants a certificate", pages.Error, StringComparison.Ordinal);
        Assert.Contains("none of the authorities", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(0, proxy.Connections);
    }

    [Fact]
    public async Task What_can_not_be_meant_is_a_usage_error()
    {
        CliRun plain = (await CliRun.StartAsync("ping", "-s", server.Root, "--ca", InPki("ca.pem")))
            .Expect(ExitCode.Usage);
        CliRun half = (await CliRun.StartAsync("ping", "-s", "remoteswaps://127.0.0.1:1", "--cert", "a.pem"))
            .Expect(ExitCode.Usage);
        CliRun open = (await CliRun.StartAsync("ping", "-s", "remoteswap://pages.example", "--token-file", "a"))
            .Expect(ExitCode.Usage);

        Assert.Contains("without TLS", plain.Error, StringComparison.Ordinal);
        Assert.Contains("go together", half.Error, StringComparison.Ordinal);
        Assert.Contains("could read the token", open.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_lies_open_is_not_used()
    {
        await using TlsProxy proxy = new(Pki, server.Address, asksClients: true);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(InPki("tenant-export.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        CliRun run = (await RunAsync("ping", "-s", proxy.Root)).Expect(ExitCode.Permission);

        Assert.Contains("mode 0404", run.Error, StringComparison.Ordinal);
        Assert.Contains("chmod 600", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, proxy.Connections);
    }

    [Fact]
    public async Task Doctor_looks_at_certificates_and_token()
    {
        await using TlsProxy proxy = new(Pki, server.Address, asksClients: true);
        string token = _folder.File("token");
        (await CliRun.StartAsync("tokens", "new", "--tenant", "export", "--out", token)).Expect(ExitCode.Ok);

        JsonElement good = (await RunAsync(
            "doctor", "-s", $"{proxy.Root}/export", "--json", "--latency-warn", "10s", "--latency-fail", "20s",
            "--token-file", token)).Json;
        JsonElement named = (await RunAsync(
            "doctor", "-s", proxy.Root, "--json", "--tls-server-name", "pages.example")).Json;
        JsonElement late = (await CliRun.StartAsync(
            ["doctor", "-s", proxy.Root, "--json", .. Credentials],
            around => around with { Time = new ShiftedTime(TimeSpan.FromDays(350)) })).Json;

        foreach (string check in (string[])["ca_file", "certificate", "token_file", "transport", "server", "latency"])
        {
            Assert.Equal("ok", State(good, check));
        }

        Assert.Equal("fail", State(named, "transport"));
        Assert.Equal("warn", State(late, "certificate"));
        Assert.Equal("warn", State(late, "transport"));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string? State(JsonElement document, string name) => document.GetProperty("checks").EnumerateArray()
        .Single(one => one.GetProperty("name").GetString() == name).GetProperty("state").GetString();

    private string[] Credentials =>
    [
        "--ca", InPki("ca.pem"), "--cert", InPki("tenant-export.pem"), "--key", InPki("tenant-export.key"),
    ];

    private string InPki(string name) => Path.Combine(Pki, name);

    private Task<CliRun> RunAsync(params string[] args) => CliRun.StartAsync([.. args, .. Credentials]);
}
