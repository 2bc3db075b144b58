using System.Net;
using System.Text.Json;
using RemoteSwap.Server.Hosting;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>Where a server may listen, and what it says when it does so unprotected.</summary>
public sealed class ListenerTests
{
    private const string Everywhere = "--listen=0.0.0.0:0";
    private const string ManagementEverywhere = "--management=0.0.0.0:0";

    [Theory]
    [InlineData(false, false, "TLS (Security:Certificate and Security:Key) and a way to know who calls")]
    [InlineData(true, false, "a way to know who calls")]
    [InlineData(false, true, "TLS (Security:Certificate and Security:Key)")]
    public async Task AnAddressThatOthersReachNeedsTlsAndIdentity(bool hasTls, bool hasIdentity, string missing)
    {
        await using SecureServer files = SecureServer.WithoutServer();
        string[] settings =
        [
            Everywhere, "--management=off",
            .. hasTls
                ? (string[])[$"--Security:Certificate={files.CertificateFile}", $"--Security:Key={files.KeyFile}"]
                : [],
            .. hasIdentity ? (string[])[$"--Security:Tokens={files.TokenFile}"] : [],
        ];

        SettingsException refused =
            await Assert.ThrowsAsync<SettingsException>(() => PageServer.StartAsync(settings));
        Assert.Contains("'0.0.0.0:0', which other machines can reach, without " + missing, refused.Message);
        Assert.Contains("--insecure", refused.Message);

        await using PageServer insecure = await PageServer.StartAsync([.. settings, "--insecure"]);
        string danger = Assert.Single(insecure.Settings.Security.Insecure);
        Assert.Contains(missing, danger);
        Assert.Contains(StartReport.Lines(insecure), line => line.Contains($"INSECURE        {danger}"));
    }

    [Fact]
    public async Task WithBothItMayListenEverywhere()
    {
        await using SecureServer files = SecureServer.WithoutServer();
        await using PageServer server =
            await PageServer.StartAsync([.. files.SettingsWithout("--listen"), Everywhere]);
        Assert.Empty(server.Settings.Security.Insecure);
    }

    [Fact]
    public async Task TheManagementPortNeedsTheSame()
    {
        await using SecureServer files = SecureServer.WithoutServer();
        string[] settings = [.. files.SettingsWithout("--management"), ManagementEverywhere];

        SettingsException refused =
            await Assert.ThrowsAsync<SettingsException>(() => PageServer.StartAsync(settings));
        Assert.Contains("Server:Management is '0.0.0.0:0'", Assert.Single(refused.Errors));
        Assert.Contains("Security:ManagementTls", refused.Message);

        await using PageServer secure =
            await PageServer.StartAsync([.. settings, "--Security:ManagementTls=true"]);
        Assert.Equal(Uri.UriSchemeHttps, secure.ManagementAddress!.Scheme);
    }

    [Fact]
    public async Task HealthSaysWhatIsOpen()
    {
        await using PageServer server = await PageServer.StartAsync(
            [Everywhere, "--management=127.0.0.1:0", "--insecure", "--Store:FloorPercent=100"]);
        using HttpClient client = new() { BaseAddress = server.ManagementAddress };

        using HttpResponseMessage ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        using JsonDocument health = JsonDocument.Parse(await ready.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("Healthy", health.RootElement.GetProperty("status").GetString());
        Assert.Contains("INSECURE: Server:Listen", health.RootElement.GetProperty("problems")[0].GetString());

        string figures = await client.GetStringAsync(new Uri("/console/api/figures", UriKind.Relative));
        Assert.Contains("INSECURE: Server:Listen", figures);
    }

    [Theory]
    [InlineData("Security:Certificate and Security:Key go together", "--Security:Certificate={0}")]
    [InlineData("Security:Certificate and Security:Key go together", "--Security:Key={0}")]
    [InlineData("Security:ClientCa is set without Security:Certificate", "--Security:ClientCa={0}")]
    [InlineData("Security:ManagementTls is true without", "--Security:ManagementTls=true")]
    [InlineData("Required without Security:ClientCa", "--Security:ClientCertificates=Required")]
    [InlineData("Security:ClientCertificates is 'Never'", "--Security:ClientCertificates=Never")]
    [InlineData("Security:AdminNames is set without", "--Security:AdminNames=ops")]
    [InlineData("Security:AdminNames has 'o/ps'", "--Security:AdminNames=o/ps", "--Security:TenantFrom=CommonName")]
    [InlineData("nothing says who is an administrator", "--Security:ManagementNeedsAdmin=true")]
    [InlineData("Security:Tokens is '/no/such'; it must be a file", "--Security:Tokens=/no/such")]
    [InlineData("Security:SocketPeers has 'x=tenant/default'", "--Security:SocketPeers=x=tenant/default")]
    [InlineData("Security:SocketPeers has '1=default'", "--Security:SocketPeers=1=default")]
    [InlineData("Security:SocketPeers has '-1=admin/a'", "--Security:SocketPeers=-1=admin/a")]
    [InlineData("no tenant is called 'vm9'", "--Security:SocketPeers=1=tenant/vm9")]
    [InlineData("user 1 twice", "--Security:SocketPeers=1=tenant/default,1=admin/a")]
    public async Task WhatCannotBeMeantIsNamed(string expected, params string[] settings)
    {
        await using SecureServer files = SecureServer.WithoutServer();
        SettingsException refused = await Assert.ThrowsAsync<SettingsException>(() => PageServer.StartAsync(
            ["--listen=127.0.0.1:0", "--management=off", .. settings.Select(
                setting => string.Format(setting, files.CertificateFile))]));
        Assert.Contains(refused.Errors, error => error.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task FilesThatCannotBeUsedEndTheStartAndAreAllNamed()
    {
        await using SecureServer files = SecureServer.WithoutServer();
        await File.WriteAllTextAsync(files.CaFile, "no certificate");
        files.WriteTokens("tenant vm7 rst_secret\n");
        using (Authority other = new())
        {
            await File.WriteAllTextAsync(
                files.CertificateFile, other.Server().ExportCertificatePem());
        }

        SettingsException refused =
            await Assert.ThrowsAsync<SettingsException>(() => PageServer.StartAsync(files.Settings));
        Assert.Equal(3, refused.Errors.Count);
        Assert.Contains("has no authority's certificate", refused.Message);
        Assert.Contains("line 1", refused.Message);
        Assert.Contains("cannot be used together", refused.Message);
        Assert.DoesNotContain("rst_secret", refused.Message);
    }

    [Fact]
    public async Task AKeyThatOthersMayReadIsRefused()
    {
        await using SecureServer files = SecureServer.WithoutServer();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                files.KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        }

        SettingsException refused =
            await Assert.ThrowsAsync<SettingsException>(() => PageServer.StartAsync(files.Settings));
        Assert.Contains("is open to all users (OtherRead)", Assert.Single(refused.Errors));
    }

    [Fact]
    public async Task AnExpiredCertificateOfTheServerIsRefused()
    {
        await using SecureServer files = SecureServer.WithoutServer();
        files.WriteServerCertificate(files.Authority.Server("old", -3, 2));
        SettingsException refused =
            await Assert.ThrowsAsync<SettingsException>(() => PageServer.StartAsync(files.Settings));
        Assert.Contains("ended at", Assert.Single(refused.Errors));
    }
}
