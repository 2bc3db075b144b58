using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RemoteSwap.Credentials;

/// <summary>Reads certificates of authorities, and says what believing them alone means.</summary>
public static class CaFile
{
    private const string What = "CA file";

    /// <summary>Reads all certificates of a PEM file.</summary>
    /// <param name="path">The file; it is no secret, but whoever may change it decides who is believed.</param>
    /// <exception cref="CredentialException">It can not be read, or holds none.</exception>
    public static X509Certificate2Collection Read(string path)
    {
        X509Certificate2Collection found = [];
        try
        {
            found.ImportFromPem(PublicText(path, What));
        }
        catch (CryptographicException malformed)
        {
            throw new CredentialException($"{What} '{path}' is malformed: {malformed.Message}");
        }

        return found.Count > 0
            ? found
            : throw new CredentialException(
                $"{What} '{path}' holds no certificate (no 'BEGIN CERTIFICATE'); give a PEM file");
    }

    /// <summary>
    /// Believes what these authorities have signed, and nothing that the system believes. Nothing is fetched: no
    /// missing certificates, no lists of revoked ones (short lives and a new authority take their place).
    /// </summary>
    public static X509ChainPolicy Trust(X509Certificate2Collection authorities)
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>Reads a PEM file that is no secret.</summary>
    internal static string PublicText(string path, string what)
    {
        try
        {
            FileInfo file = new(path);
            return file.Exists && file.Length > SecretFile.MaxBytes
                ? throw new CredentialException(
                    $"{what} '{path}' has {file.Length} bytes; {SecretFile.MaxBytes} are read at most")
                : File.ReadAllText(path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException($"{what} '{path}' can not be read: {failed.Message}");
        }
    }
}
