using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RemoteSwap.Credentials;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// TLS of a device: its own certificate, and whom it lets in. Files are read again for each connection. A client's
/// certificate has to be signed by one of the given authorities; and if it names tenants, as those of
/// <c>remoteswap certs</c> do, this device's must be one of them (or it names an administrator), so that one authority
/// for all tenants lets no tenant at another's memory. A certificate that names none is let in by its authority alone.
/// <para>
/// What it is not: a check of clients without <paramref name="caFile"/>; then TLS hides what travels, and lets anybody
/// in.
/// </para>
/// <para>Any thread may call.</para>
/// </summary>
/// <param name="certificateFile">PEM, its own certificate first.</param>
/// <param name="keyFile">PEM, mode 0600.</param>
/// <param name="caFile">PEM, the authorities of clients; null: clients show nothing.</param>
/// <param name="tenant">The device's tenant.</param>
/// <param name="log">Takes why a client was turned away.</param>
internal sealed class NbdTls(
    string certificateFile, string keyFile, string? caFile, string tenant, TextWriter log)
{
    /// <summary>Whether clients without TLS are turned away.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>Whether clients have to show a certificate.</summary>
    public bool VerifiesClients => caFile is not null;

    /// <summary>Reads the files once.</summary>
    /// <exception cref="CredentialException">One is not as it must be.</exception>
    public void Read()
    {
        _ = CertificateFiles.Read(certificateFile, keyFile);
        if (caFile is not null)
        {
            _ = CaFile.Read(caFile);
        }
    }

    /// <summary>What one connection is served with.</summary>
    /// <exception cref="InvalidDataException">A file is not as it must be any more.</exception>
    public async ValueTask<SslServerAuthenticationOptions> OptionsAsync(CancellationToken ct)
    {
        try
        {
            return new SslServerAuthenticationOptions
            {
                EnabledSslProtocols = TlsProtocol.Only,
                ServerCertificateContext =
                    await CertificateFiles.ReadAsync(certificateFile, keyFile, ct).ConfigureAwait(false),
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                ClientCertificateRequired = VerifiesClients,
                CertificateChainPolicy = caFile is null ? null : CaFile.Trust(CaFile.Read(caFile)),
                RemoteCertificateValidationCallback = VerifiesClients ? IsLetIn : null,
            };
        }
        catch (CredentialException failed)
        {
            throw new InvalidDataException(failed.Message, failed);
        }
    }

    private bool IsLetIn(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        X509Certificate2? certificate = shown as X509Certificate2;
        if (errors != SslPolicyErrors.None || certificate is null)
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            return Refuse(CertificateVerdict.Words(certificate, chain, errors, expectedName: null, now));
        }

        IReadOnlyList<Identity> named;
        try
        {
            named = Identity.Of(certificate);
        }
        catch (CryptographicException malformed)
        {
            return Refuse(malformed.Message);
        }

        string names = string.Join(", ", named.Select(one => one.Text));
        return named.Count == 0
            || named.Any(one => one.Kind == IdentityKind.Admin || one.Name == tenant)
            || Refuse($"its certificate is of {names}, not of tenant '{tenant}'");
    }

    private bool Refuse(string reason)
    {
        log.WriteLine($"remoteswap nbd: a client was turned away: {reason}");
        return false;
    }
}
