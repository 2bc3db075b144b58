using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using RemoteSwap.Credentials;
using Xunit;

namespace RemoteSwap.Cli.Tests.Commands;

/// <summary>What the tool makes is what TLS asks for, and it lets no key lie open.</summary>
public sealed class CertsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Pki => _folder.File("pki");

    [Fact]
    public async Task Init_makes_an_authority_that_signs_for_one_use_each()
    {
        CliRun run = (await InitAsync("--tenant", "vm7", "--admin", "ops", "--days", "90", "--json"))
            .Expect(ExitCode.Ok);

        Assert.Equal("remoteswap.certs/1", run.Schema);
        Assert.Equal(
            ["ca", "server", "tenant", "admin"],
            run.Json.GetProperty("certificates").EnumerateArray().Select(one => one.GetProperty("kind").GetString()!));
        Assert.DoesNotContain("PRIVATE", run.Output, StringComparison.Ordinal);
        using X509Certificate2 ca = Load("ca");
        using X509Certificate2 server = Load("server");
        using X509Certificate2 tenant = Load("tenant-vm7");
        X509BasicConstraintsExtension constraints = ca.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.True(constraints is { CertificateAuthority: true, HasPathLengthConstraint: true });
        Assert.Equal(0, constraints.PathLengthConstraint);
        Assert.Equal(["pages.example", "10.0.0.1"], CertificateVerdict.ServerNames(server));
        Assert.Equal([new Identity(IdentityKind.Tenant, "vm7")], Identity.Of(tenant));
        Assert.Equal([new Identity(IdentityKind.Admin, "ops")], Identity.Of(Load("admin-ops")));
        Assert.True(server.NotBefore < DateTime.Now.AddMinutes(-10), "no room for clocks that differ");
        Assert.InRange((server.NotAfter - DateTime.Now).TotalDays, 89, 91);
        Assert.Equal("1.2.840.10045.3.1.7", tenant.GetECDsaPublicKey()!.ExportParameters(false).Curve.Oid.Value);
        Assert.True(Verifies(ca, server, "1.3.6.1.5.5.7.3.1"));
        Assert.True(Verifies(ca, tenant, "1.3.6.1.5.5.7.3.2"));
        Assert.False(Verifies(ca, server, "1.3.6.1.5.5.7.3.2"), "a server's certificate is taken for a client's");
        Assert.False(Verifies(ca, tenant, "1.3.6.1.5.5.7.3.1"), "a client's certificate is taken for a server's");
        Assert.All(
            Directory.GetFiles(Pki, "*.key"),
            key => Assert.Equal("rw-------", Mode(key)));
    }

    [Fact]
    public async Task What_it_signs_signs_nothing_further()
    {
        (await InitAsync("--tenant", "vm7")).Expect(ExitCode.Ok);
        using X509Certificate2 forger = X509Certificate2.CreateFromPemFile(
            Path.Combine(Pki, "tenant-vm7.pem"), Path.Combine(Pki, "tenant-vm7.key"));
        using ECDsa key = ECDsa.Create();
        CertificateRequest request = new("CN=vm8", key, HashAlgorithmName.SHA256);
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa(forger.GetECDsaPrivateKey()!);
        using X509Certificate2 forged = request.Create(
            forger.SubjectName,
            generator,
            new DateTimeOffset(forger.NotBefore),
            new DateTimeOffset(forger.NotAfter),
            [1, 2, 3]);

        using X509Certificate2 ca = Load("ca");
        using X509Chain chain = new();
        chain.ChainPolicy = CaFile.Trust([ca]);
        chain.ChainPolicy.ExtraStore.Add(forger);

        Assert.False(chain.Build(forged));
    }

    [Fact]
    public async Task Nothing_is_written_over_and_nothing_half_is_left()
    {
        (await InitAsync("--tenant", "vm7")).Expect(ExitCode.Ok);
        byte[] before = await File.ReadAllBytesAsync(Path.Combine(Pki, "ca.key"));

        CliRun again = (await InitAsync("--tenant", "vm8")).Expect(ExitCode.Failed);
        CliRun twice = (await CliRun.StartAsync("certs", "add", "--out", Pki, "--tenant", "vm9", "--tenant", "vm7"))
            .Expect(ExitCode.Failed);

        Assert.Contains("ca.key", again.Error, StringComparison.Ordinal);
        Assert.Contains("tenant-vm7.pem", twice.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(Pki, "ca.key")));
        Assert.False(File.Exists(Path.Combine(Pki, "tenant-vm8.pem")));
        Assert.False(File.Exists(Path.Combine(Pki, "tenant-vm9.key")));
    }

    [Fact]
    public async Task Add_signs_more_and_renews()
    {
        (await InitAsync("--tenant", "vm7")).Expect(ExitCode.Ok);
        using X509Certificate2 first = Load("tenant-vm7");

        (await CliRun.StartAsync("certs", "add", "--out", Pki, "--tenant", "vm8")).Expect(ExitCode.Ok);
        (await CliRun.StartAsync("certs", "add", "--out", Pki, "--tenant", "vm7", "--renew")).Expect(ExitCode.Ok);

        using X509Certificate2 ca = Load("ca");
        using X509Certificate2 second = Load("tenant-vm7");
        Assert.NotEqual(first.SerialNumber, second.SerialNumber);
        Assert.True(Verifies(ca, second, "1.3.6.1.5.5.7.3.2"));
        Assert.True(Verifies(ca, Load("tenant-vm8"), "1.3.6.1.5.5.7.3.2"));
        Assert.Equal("rw-------", Mode(Path.Combine(Pki, "tenant-vm7.key")));
        Assert.Equal(8, Directory.GetFiles(Pki).Length);
        _ = CertificateFiles.Read(Path.Combine(Pki, "tenant-vm7.pem"), Path.Combine(Pki, "tenant-vm7.key"));
    }

    [Fact]
    public async Task A_key_of_the_authority_that_lies_open_signs_nothing()
    {
        (await InitAsync()).Expect(ExitCode.Ok);
        Open("ca.key");

        CliRun add = (await CliRun.StartAsync("certs", "add", "--out", Pki, "--tenant", "vm8"))
            .Expect(ExitCode.Permission);
        CliRun show = (await CliRun.StartAsync("certs", "show", Pki)).Expect(ExitCode.ConditionFalse);

        Assert.Contains("mode 0640", add.Error, StringComparison.Ordinal);
        Assert.Contains("chmod 600", show.Error, StringComparison.Ordinal);
        Assert.Contains("OPEN", show.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_says_whom_they_are_for_and_what_has_expired()
    {
        (await InitAsync("--tenant", "vm7", "--days", "1")).Expect(ExitCode.Ok);

        CliRun now = (await CliRun.StartAsync("certs", "show", Pki, "--json")).Expect(ExitCode.Ok);
        CliRun later = (await CliRun.StartAsync(
            ["certs", "show", Path.Combine(Pki, "tenant-vm7.pem")],
            around => around with { Time = new ShiftedTime(TimeSpan.FromDays(3)) })).Expect(ExitCode.ConditionFalse);

        JsonElement tenant = now.Json.GetProperty("certificates").EnumerateArray()
            .Single(one => one.GetProperty("kind").GetString() == "tenant");
        Assert.Equal("vm7", tenant.GetProperty("names")[0].GetString());
        Assert.Equal(64, tenant.GetProperty("sha256").GetString()!.Length);
        Assert.Contains("expired", later.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tenant", "a/../../b")]
    [InlineData("--tenant", "")]
    [InlineData("--admin", "a b")]
    [InlineData("--server-name", "a b")]
    [InlineData("--days", "0")]
    public async Task Names_that_are_none_are_refused(string option, string value)
    {
        CliRun run = (await CliRun.StartAsync("certs", "init", "--out", Pki, option, value)).Expect(ExitCode.Usage);

        Assert.Contains(option, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Pki));
    }

    [Fact]
    public async Task A_token_goes_into_its_file_and_the_servers_line_to_the_output()
    {
        string file = _folder.File("vm7.token");

        CliRun run = (await CliRun.StartAsync(
            "tokens", "new", "--tenant", "vm7", "--out", file, "--until", "2999-01-31")).Expect(ExitCode.Ok);
        CliRun again = (await CliRun.StartAsync("tokens", "new", "--admin", "ops", "--out", file))
            .Expect(ExitCode.Failed);

        string token = (await File.ReadAllTextAsync(file)).TrimEnd();
        Assert.Matches("^rst_[A-Za-z0-9_-]{43}$", token);
        Assert.Equal("rw-------", Mode(file));
        string hash = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
        Assert.Equal($"tenant vm7 sha256:{hash} until=2999-01-31T00:00:00Z\n", run.Output);
        Assert.DoesNotContain(token, run.Output + run.Error + again.Error, StringComparison.Ordinal);
        Assert.Equal(token, AccessToken.Read(file));
    }

    [Theory]
    [InlineData("--tenant a --admin b --out FILE", "one of them")]
    [InlineData("--out FILE", "one of them")]
    [InlineData("--tenant a", "--out is missing")]
    [InlineData("--tenant a --out FILE --until 2001-01-01", "is over already")]
    [InlineData("--tenant a --out FILE --until soon", "--until 'soon'")]
    public async Task Tokens_that_make_no_sense_are_refused(string args, string words)
    {
        string file = _folder.File("token");
        string[] line = ["tokens", "new", .. args.Replace("FILE", file, StringComparison.Ordinal).Split(' ')];

        CliRun run = (await CliRun.StartAsync(line)).Expect(ExitCode.Usage);

        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    public void Dispose() => _folder.Dispose();

    private static bool Verifies(X509Certificate2 ca, X509Certificate2 certificate, string use)
    {
        using X509Chain chain = new();
        chain.ChainPolicy = CaFile.Trust([ca]);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(use));
        return chain.Build(certificate);
    }

    private static string Mode(string path)
    {
        UnixFileMode mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
        return string.Concat(Enumerable.Range(0, 9).Select(bit =>
            ((int)mode & (1 << (8 - bit))) != 0 ? "rwx"[bit % 3] : '-'));
    }

    private Task<CliRun> InitAsync(params string[] more) => CliRun.StartAsync(
    [
        "certs", "init", "--out", Pki, "--server-name", "pages.example", "--server-name", "10.0.0.1", .. more,
    ]);

    private X509Certificate2 Load(string name) =>
        X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Pki, $"{name}.pem"));

    private void Open(string name)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                Path.Combine(Pki, name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }
    }
}
