namespace RemoteSwap.Credentials;

/// <summary>A certificate and its key, both PEM; the key is a secret.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Key">Its key, PKCS #8 without a passphrase.</param>
public sealed record IssuedCertificate(string Certificate, string Key)
{
    /// <summary>Says nothing of the key, wherever it is printed.</summary>
    public override string ToString() => nameof(IssuedCertificate);

    /// <summary>Writes both where there are none yet, the key for its owner alone; both or none.</summary>
    /// <exception cref="IOException">One is there already, or can not be written.</exception>
    public void Write(string certificatePath, string keyPath)
    {
        SecretFile.Create(keyPath, Key);
        try
        {
            SecretFile.CreatePublic(certificatePath, Certificate);
        }
        catch
        {
            File.Delete(keyPath);
            throw;
        }
    }
}
