using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>A certificate authority of a test: it lives as long as the test and signs what it is asked to.</summary>
internal sealed class Authority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Authority(string name = "test authority")
    {
        CertificateRequest request = new($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>A server's certificate for this machine.</summary>
    public X509Certificate2 Server(string subject = "server", double fromDays = -1, double days = 20)
    {
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        return Issue($"CN={subject}", names, ServerUse, fromDays, days);
    }

    /// <summary>A client's certificate with URIs.</summary>
    public X509Certificate2 Client(params string[] uris) => ClientFor(-1, 10, uris);

    /// <summary>A client's certificate with URIs and a time.</summary>
    public X509Certificate2 ClientFor(double fromDays, double days, params string[] uris)
    {
        SubjectAlternativeNameBuilder names = new();
        foreach (string uri in uris)
        {
            names.AddUri(new Uri(uri));
        }

        names.AddDnsName("client.example");
        return Issue("CN=client", names, ClientUse, fromDays, days);
    }

    /// <summary>A client's certificate with a subject.</summary>
    public X509Certificate2 ClientNamed(string subject) => Issue(subject, null, ClientUse, -1, 10);

    /// <summary>A server's certificate that names a tenant, as a thief of it would like to show it.</summary>
    public X509Certificate2 ServerWith(string uri)
    {
        SubjectAlternativeNameBuilder names = new();
        names.AddUri(new Uri(uri));
        return Issue("CN=server", names, ServerUse, -1, 10);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Issue(
        string subject, SubjectAlternativeNameBuilder? names, string use, double fromDays, double days)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));

        // Authorities of one name, as after a renewal, are told apart by this.
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(fromDays);
        using X509Certificate2 issued = request.Create(
            Certificate, from, from.AddDays(days), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
