using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RemoteSwap.Credentials;

/// <summary>
/// An authority of one's own for one server and its tenants: ECDSA P-256, and certificates for one use each (RFC 5280).
/// It signs no other authorities (path length 0), a server's certificate is no client's, and a client's no server's.
/// <para>
/// What it is not: a public authority. It keeps no list of what it signed and revokes nothing; a certificate that must
/// not be believed any more means a new authority, or waiting until it expires, so let them live shortly. Its key is in
/// no hardware: keep it where neither server nor clients run.
/// </para>
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>The longest life of a certificate in days: ten years.</summary>
    public const int MaxDays = 3_650;

    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private const int SerialBytes = 16;
    private const int PositiveMask = 0x7F;
    private const int NameBytes = 4;
    private const int MaxCommonNameChars = 64;

    // Clocks of servers and clients differ a little, and a certificate is used at once.
    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(15);

    private readonly X509Certificate2 _certificate;
    private readonly DateTimeOffset _now;

    private CertificateAuthority(X509Certificate2 certificate, DateTimeOffset now)
    {
        _certificate = certificate;
        _now = now;
    }

    /// <summary>The certificate that others believe; PEM.</summary>
    public string Certificate => _certificate.ExportCertificatePem() + "\n";

    /// <summary>When it expires; nothing that it signs lives longer.</summary>
    public DateTimeOffset Expires => new(_certificate.NotAfter.ToUniversalTime());

    /// <summary>Makes one.</summary>
    /// <param name="now">The time.</param>
    /// <param name="days">Its life, 1 to <see cref="MaxDays"/>.</param>
    /// <param name="issued">Gets its certificate and key.</param>
    public static CertificateAuthority Create(DateTimeOffset now, int days, out IssuedCertificate issued)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // Two authorities must not be called the same: whoever looks for an issuer looks by its name.
        string name = $"CN=RemoteSwap CA {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes))}";
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        X509Certificate2 made = request.CreateSelfSigned(now - s_skew, now.AddDays(days));
        CertificateAuthority authority = new(made, now);
        issued = new IssuedCertificate(authority.Certificate, key.ExportPkcs8PrivateKeyPem() + "\n");
        return authority;
    }

    /// <summary>Reads one.</summary>
    /// <param name="certificatePath">Its certificate, PEM.</param>
    /// <param name="keyPath">Its key, PEM, only its owner may read it.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CredentialException">The files are no authority's, or it has expired.</exception>
    public static CertificateAuthority Open(string certificatePath, string keyPath, DateTimeOffset now)
    {
        X509Certificate2 read = CertificateFiles.Read(certificatePath, keyPath).TargetCertificate;
        if (!read.Extensions.OfType<X509BasicConstraintsExtension>().Any(one => one.CertificateAuthority))
        {
            throw new CredentialException($"'{certificatePath}' is no authority's certificate; name that of a CA");
        }

        return read.NotAfter.ToUniversalTime() > now.UtcDateTime
            ? new CertificateAuthority(read, now)
            : throw new CredentialException(
                $"the authority of '{certificatePath}' expired on {read.NotAfter.ToUniversalTime():u}; make a new one");
    }

    /// <summary>Makes a server's certificate.</summary>
    /// <param name="names">DNS names and addresses that clients connect to; at least one.</param>
    /// <param name="days">Its life; it ends with the authority's at the latest.</param>
    public IssuedCertificate IssueServer(IReadOnlyList<string> names, int days)
    {
        ArgumentNullException.ThrowIfNull(names);
        SubjectAlternativeNameBuilder alternatives = new();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        return Issue(names[0], alternatives.Build(), ServerUse, days);
    }

    /// <summary>Makes a client's certificate.</summary>
    /// <param name="identity">Who it is.</param>
    /// <param name="days">Its life; it ends with the authority's at the latest.</param>
    public IssuedCertificate IssueClient(Identity identity, int days)
    {
        ArgumentNullException.ThrowIfNull(identity);
        SubjectAlternativeNameBuilder alternatives = new();
        alternatives.AddUri(new Uri(identity.Text));
        return Issue(identity.Name, alternatives.Build(), ClientUse, days);
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private IssuedCertificate Issue(string commonName, X509Extension alternatives, string use, int days)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X500DistinguishedNameBuilder subject = new();
        subject.AddCommonName(commonName[..Math.Min(commonName.Length, MaxCommonNameChars)]);
        CertificateRequest request = new(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        request.CertificateExtensions.Add(alternatives);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            _certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        byte[] serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] &= PositiveMask;
        DateTimeOffset begins = _now - s_skew;
        DateTimeOffset first = new(_certificate.NotBefore.ToUniversalTime());
        DateTimeOffset notBefore = first > begins ? first : begins;
        DateTimeOffset notAfter = _now.AddDays(days) < Expires ? _now.AddDays(days) : Expires;
        using X509Certificate2 made = request.Create(_certificate, notBefore, notAfter, serial);
        return new IssuedCertificate(
            made.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
