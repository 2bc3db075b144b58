using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RemoteSwap.Credentials;

/// <summary>
/// A certificate with its key, from two PEM files. Whoever renews them replaces two files, and a connection may be made
/// in between: files that do not belong together are read again a few times.
/// </summary>
public static class CertificateFiles
{
    private const string CertificateWhat = "certificate file";
    private const string KeyWhat = "key file";
    private const int MaxReads = 5;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads the certificates of a file, that of the peer itself first; without a key.</summary>
    /// <exception cref="CredentialException">It can not be read, or holds none.</exception>
    public static X509Certificate2Collection ReadCertificates(string path)
    {
        X509Certificate2Collection found = [];
        try
        {
            found.ImportFromPem(CaFile.PublicText(path, CertificateWhat));
        }
        catch (CryptographicException malformed)
        {
            throw new CredentialException($"{CertificateWhat} '{path}' is malformed: {malformed.Message}");
        }

        return found.Count > 0
            ? found
            : throw new CredentialException($"{CertificateWhat} '{path}' holds no certificate; give a PEM file");
    }

    /// <summary>Reads certificate and key.</summary>
    /// <param name="certificatePath">PEM, the certificate first, then those between it and the authority.</param>
    /// <param name="keyPath">PEM, only its owner may read it.</param>
    /// <param name="ct">Ends the wait for files that belong together.</param>
    /// <exception cref="CredentialException">One can not be read, or they do not belong together.</exception>
    public static async ValueTask<SslStreamCertificateContext> ReadAsync(
        string certificatePath, string keyPath, CancellationToken ct)
    {
        for (int reads = 1; ; reads++)
        {
            try
            {
                return Read(certificatePath, keyPath);
            }
            catch (CredentialException) when (reads < MaxReads)
            {
                await Task.Delay(s_pause, ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads them once.</summary>
    /// <exception cref="CredentialException">One can not be read, or they do not belong together.</exception>
    public static SslStreamCertificateContext Read(string certificatePath, string keyPath)
    {
        string key = SecretFile.Read(keyPath, KeyWhat);
        X509Certificate2Collection all = ReadCertificates(certificatePath);
        try
        {
            X509Certificate2 own = X509Certificate2.CreateFromPem(all[0].ExportCertificatePem(), key);
            all.RemoveAt(0);
            return SslStreamCertificateContext.Create(own, all, offline: true);
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw new CredentialException(
                $"{CertificateWhat} '{certificatePath}' and {KeyWhat} '{keyPath}' do not belong together, or the key "
                + $"is no PEM without a passphrase: {wrong.Message}");
        }
    }
}
