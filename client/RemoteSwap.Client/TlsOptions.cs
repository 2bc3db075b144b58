namespace RemoteSwap.Client;

/// <summary>
/// How a connection over TLS knows its server, and shows who it is. Always TLS 1.3 (RFC 8446). All files are PEM and
/// are read again for each new transport connection, so that renewed ones need no restart.
/// <para>
/// What it is not: a way to leave the check of the server out; there is none. Nothing is fetched from the network, so
/// revocation is not looked at: let certificates live shortly.
/// </para>
/// </summary>
public sealed class TlsOptions
{
    /// <summary>
    /// Certificates of the authorities that may have signed the server's; the system's are not believed then. Null: the
    /// system's are.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>This client's certificate, then those between it and its authority; null: it shows none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>
    /// The key of <see cref="CertificateFile"/>, PEM without a passphrase. Refused where others than its owner may read
    /// or change it (mode 0600, or 0400).
    /// </summary>
    public string? KeyFile { get; init; }

    /// <summary>
    /// The DNS name or address that the server's certificate must have; null: the host of the address. For who connects
    /// through a tunnel or by another name.
    /// </summary>
    public string? ServerName { get; init; }

    /// <summary>Adds what is wrong to a list.</summary>
    internal void AddErrors(List<string> errors)
    {
        if (CertificateFile is null != KeyFile is null)
        {
            errors.Add($"{nameof(CertificateFile)} '{CertificateFile}' and {nameof(KeyFile)} '{KeyFile}' go together; "
                + "give both or none");
        }

        AddEmptyError(errors, nameof(CaFile), CaFile);
        AddEmptyError(errors, nameof(CertificateFile), CertificateFile);
        AddEmptyError(errors, nameof(KeyFile), KeyFile);
        AddEmptyError(errors, nameof(ServerName), ServerName);
    }

    private static void AddEmptyError(List<string> errors, string name, string? value)
    {
        if (value is not null && string.IsNullOrWhiteSpace(value))
        {
            errors.Add($"{name} is empty; leave it out or give one");
        }
    }
}
