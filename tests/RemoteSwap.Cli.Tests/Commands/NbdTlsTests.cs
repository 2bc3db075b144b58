using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

/// <summary>A device over TLS, with other people's clients; its tenant is <c>device</c>.</summary>
public sealed class NbdTlsTests(TestServer server) : IAsyncLifetime
{
    private const int NotInstalled = 127;
    private static int s_area = 100;
    private readonly TempFolder _folder = new();

    public async ValueTask InitializeAsync()
    {
        (await CliRun.StartAsync(
            "certs", "init", "--out", _folder.File("pki"), "--server-name", "127.0.0.1", "--server-name", "localhost",
            "--tenant", "device", "--tenant", "other", "--admin", "ops")).Expect(ExitCode.Ok);
        (await CliRun.StartAsync("certs", "init", "--out", _folder.File("strange"), "--tenant", "device"))
            .Expect(ExitCode.Ok);
        foreach (string who in (string[])["tenant-device", "tenant-other", "admin-ops"])
        {
            MakeClient(who, "pki", who);
        }

        MakeClient("strange", "strange", "tenant-device");
        MakeClient("nobody", "pki", certificate: null);
    }

    [Fact]
    public async Task Libnbd_copies_in_and_out_with_a_certificate_of_the_tenant()
    {
        string image = _folder.Random("image", 1 << 20);
        string back = _folder.File("back");
        string client = Client("tenant-device");

        CliRun run = await ServeAsync($"nbdcopy {image} \"$uri?{client}\" && nbdcopy \"$uri?{client}\" {back} && "
            + $"nbdinfo --json \"$uri?{client}\"");

        Skip(run);
        run.Expect(ExitCode.Ok);
        Assert.Equal(await File.ReadAllBytesAsync(image), await File.ReadAllBytesAsync(back));
        Assert.Contains("\"TLS\": true", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Qemu_copies_in_and_out_with_a_certificate_of_the_tenant()
    {
        string image = _folder.Random("image", 1 << 20);
        string back = _folder.File("back");
        string disk = "driver=nbd,server.type=inet,server.host=127.0.0.1,server.port=$port,tls-creds=t";
        string creds = $"--object tls-creds-x509,id=t,endpoint=client,dir={_folder.File("client-tenant-device")}";

        CliRun run = await ServeAsync(
            "port=${uri##*:}; port=${port%%/*}; "
            + $"qemu-img convert {creds} -n -f raw --target-image-opts {image} {disk} && "
            + $"qemu-img convert {creds} --image-opts {disk} -O raw {back}");

        Skip(run);
        run.Expect(ExitCode.Ok);
        Assert.Equal(await File.ReadAllBytesAsync(image), await File.ReadAllBytesAsync(back));
    }

    [Fact]
    public async Task An_administrator_is_let_in()
    {
        CliRun run = await ServeAsync($"nbdinfo --size \"$uri?{Client("admin-ops")}\"");

        Skip(run);
        run.Expect(ExitCode.Ok);
    }

    [Theory]
    [InlineData("tenant-other", "remoteswap://tenant/other, not of tenant 'device'")]
    [InlineData("strange", "none of the authorities")]
    [InlineData("nobody", "it showed no certificate")]
    public async Task Others_are_turned_away(string who, string words)
    {
        // The client of this device is let in before and after: it was not the device that failed.
        string good = $"nbdinfo --size \"$uri?{Client("tenant-device")}\"";

        CliRun run = await ServeAsync($"{good} && (nbdinfo --size \"$uri?{Client(who)}\"; test $? = 1) && {good}");

        Skip(run);
        run.Expect(ExitCode.Ok);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_tls_is_required_a_client_without_it_is_told_so_and_where_it_is_allowed_it_is_served()
    {
        const string Plain = "nbdinfo --size nbd://${uri#*://}";

        CliRun required = await ServeAsync($"{Plain}; test $? = 1");
        Skip(required);
        required.Expect(ExitCode.Ok);
        CliRun allowed = await ServeAsync(
            $"{Plain} && nbdinfo --size \"nbds://${{uri#*://}}?{Client("tenant-device")}\"", "--tls", "allowed");

        // What libnbd says of the error TLS_REQD.
        Assert.Contains("TLS", required.Error, StringComparison.Ordinal);
        allowed.Expect(ExitCode.Ok);
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_to_the_next_client()
    {
        string show = $"nbdinfo --size \"$uri?{Client("tenant-device")}\"";

        // With a name that clients do not expect, the next one does not believe the device.
        CliRun run = await ServeAsync($"{show} && {ToolProcess.Line} certs add --out {_folder.File("pki")} --renew "
            + $"--server-name elsewhere.example && ({show}; test $? = 1)");

        Skip(run);
        run.Expect(ExitCode.Ok);
    }

    [Theory]
    [InlineData("--listen 0.0.0.0:0", "--tls-ca")]
    [InlineData("--listen [::]:0", "can be reached by other machines")]
    [InlineData("--listen 0.0.0.0:0 CERT", "--tls-ca")]
    [InlineData("--listen 0.0.0.0:0 CERT --tls-ca CA --tls allowed", "no --tls allowed")]
    [InlineData("--tls-cert PKI/server.pem", "go together")]
    [InlineData("--tls-ca CA", "without --tls-cert")]
    [InlineData("--tls required", "without --tls-cert")]
    [InlineData("CERT --tls maybe", "required or allowed")]
    public async Task What_would_let_anybody_in_is_refused(string options, string words)
    {
        string pki = _folder.File("pki");
        string line = options
            .Replace("CERT", "--tls-cert PKI/server.pem --tls-key PKI/server.key", StringComparison.Ordinal)
            .Replace("CA", "PKI/ca.pem", StringComparison.Ordinal).Replace("PKI", pki, StringComparison.Ordinal);

        CliRun run = await CliRun.StartAsync(
            ["nbd", "--size", "1MiB", "-s", server.Of("device"), .. line.Split(' ')]);

        run.Expect(ExitCode.Usage);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_addresses_may_be_listened_on_where_clients_show_certificates()
    {
        CliRun run = await ServeAsync(
            $"nbdinfo --size \"$uri?{Client("tenant-device")}\"", "--listen", "0.0.0.0:0");

        Skip(run);
        run.Expect(ExitCode.Ok);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Skip(CliRun run) =>
        Assert.SkipWhen(run.ExitCode == NotInstalled && Environment.GetEnvironmentVariable("TESTS_NO_SKIP") != "1",
            "nbdinfo, nbdcopy or qemu-img is not installed");

    private string Client(string name) => $"tls-certificates={_folder.File($"client-{name}")}";

    // The names that GnuTLS clients look for.
    private void MakeClient(string name, string pki, string? certificate)
    {
        string folder = Directory.CreateDirectory(_folder.File($"client-{name}")).FullName;
        File.Copy(Path.Combine(_folder.File("pki"), "ca.pem"), Path.Combine(folder, "ca-cert.pem"));
        if (certificate is not null)
        {
            File.Copy(Path.Combine(_folder.File(pki), $"{certificate}.pem"), Path.Combine(folder, "client-cert.pem"));
            File.Copy(Path.Combine(_folder.File(pki), $"{certificate}.key"), Path.Combine(folder, "client-key.pem"));
        }
    }

    private Task<CliRun> ServeAsync(string command, params string[] more)
    {
        string pki = _folder.File("pki");
        string[] place = more.Contains("--listen", StringComparer.Ordinal) ? [] : ["--listen", "127.0.0.1:0"];
        return ToolProcess.RunAsync(
            server.Of("device"),
            [
                "nbd", "--size", "1MiB", .. place, "--area", $"{Interlocked.Increment(ref s_area)}",
                "--tls-cert", Path.Combine(pki, "server.pem"), "--tls-key", Path.Combine(pki, "server.key"),
                "--tls-ca", Path.Combine(pki, "ca.pem"), .. more, "--run", command,
            ]);
    }
}
