using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RemoteSwap.Nbd.Tests.Support;

/// <summary>A certificate for this machine, made anew for each run.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 Certificate { get; } = Make();

    public static Func<CancellationToken, ValueTask<SslServerAuthenticationOptions>> Tls { get; } = _ =>
        ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificate = Certificate });

    /// <summary>Writes a folder as tls-certificates of libnbd wants it.</summary>
    public static void WriteAuthority(string folder) =>
        File.WriteAllText(Path.Combine(folder, "ca-cert.pem"), Certificate.ExportCertificatePem());

    private static X509Certificate2 Make()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 made = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
