using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using RemoteSwap.Cli.Commands.Certs;
using RemoteSwap.Client;
using RemoteSwap.Client.Security;
using RemoteSwap.Credentials;

namespace RemoteSwap.Cli.Commands.Doctor;

/// <summary>
/// Checks of who is who: does the server show a certificate that is believed, when do certificates expire, are secrets
/// for their owner alone. The connection is made as the library makes it.
/// </summary>
internal sealed class CredentialChecks(CommandRun run)
{
    // A month is what people need who renew by hand; a day is an outage to come.
    private const int FewDays = 30;
    private const string Transport = "transport";

    private readonly DateTimeOffset _now = run.Surroundings.Time.GetUtcNow();

    /// <summary>Makes them; of files, those that were given.</summary>
    public async Task<IReadOnlyList<CheckResult>> RunAsync()
    {
        List<CheckResult> checks = [];
        TlsOptions? tls = run.Tls;
        AddFile(checks, "ca_file", tls?.CaFile, keyFile: null);
        AddFile(checks, "certificate", tls?.CertificateFile, tls?.KeyFile);
        if (run.TokenFile is { } token)
        {
            checks.Add(Try("token_file", () =>
            {
                _ = AccessToken.Read(token);
                return CheckResult.Ok("token_file", $"'{token}' holds a token, for its owner alone");
            }));
        }

        checks.Add(tls is null ? WithoutTls() : await HandshakeAsync());
        return checks;
    }

    private void AddFile(List<CheckResult> checks, string name, string? file, string? keyFile)
    {
        if (file is not null)
        {
            checks.Add(Try(name, () =>
            {
                if (keyFile is not null)
                {
                    _ = CertificateFiles.Read(file, keyFile);
                }

                CertificateRow row = CertificateRow.Read(file, _now).First();
                return Expiry(name, row, $"'{file}' is of {row.Kind} {string.Join(", ", row.Names)}");
            }));
        }
    }

    private static CheckResult Try(string name, Func<CheckResult> check)
    {
        try
        {
            return check();
        }
        catch (CredentialException wrong)
        {
            return CheckResult.Fail(name, wrong.Message, "give the right files (--ca, --cert, --key, --token-file)");
        }
    }

    private static CheckResult Expiry(string name, CertificateRow row, string what)
    {
        const string Change = "renew it, `remoteswap certs add --renew` for one of your own";
        string day = row.NotAfter.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return row.DaysLeft switch
        {
            < 0 => CheckResult.Fail(name, $"{what}; it expired on {day}", Change),
            < FewDays => CheckResult.Warn(name, $"{what}; it expires on {day}, in {row.DaysLeft} days", Change),
            _ => CheckResult.Ok(name, $"{what}; it expires on {day}"),
        };
    }

    private CheckResult WithoutTls() => run.Server.IsLocal
        ? CheckResult.Ok(Transport, "without TLS, within this machine")
        : CheckResult.Warn(
            Transport,
            $"{run.Server.WithTenant(null)} is another machine, without TLS: whoever is between reads and changes it",
            "have the server listen with a certificate, and write remoteswaps://");

    private async Task<CheckResult> HandshakeAsync()
    {
        RemoteSwapClientOptions options = run.ClientOptions();
        ServerDialer dialer = new(options, new SilentEnds(options));
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(run.Stop);
        bound.CancelAfter(options.ConnectTimeout);
        try
        {
            await using Stream stream = await dialer.ConnectAsync(
                new DnsEndPoint(options.Address.DnsSafeHost, options.Address.Port), bound.Token);
            SslStream tls = (SslStream)stream;
            X509Certificate2 shown = (X509Certificate2)tls.RemoteCertificate!;
            CertificateRow row = CertificateRow.Of("", shown, _now, keyFile: null);
            return Expiry(Transport, row, $"TLS 1.3; the server is {CertificateVerdict.NamesOf(shown)}");
        }
        catch (CredentialException refused)
        {
            return CheckResult.Fail(
                Transport, refused.Message, "see what it says; --ca and --tls-server-name say whom to believe");
        }
        catch (Exception away) when (
            away is SocketException or IOException
            || (away is OperationCanceledException && !run.Stop.IsCancellationRequested))
        {
            return CheckResult.Fail(
                Transport, $"no connection to {run.Server.WithTenant(null)}: {away.Message}", "see 'server' below");
        }
    }
}
