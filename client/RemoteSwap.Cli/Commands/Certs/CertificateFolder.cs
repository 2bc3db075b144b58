using RemoteSwap.Cli.App;
using RemoteSwap.Credentials;
using RemoteSwap.Privacy;

namespace RemoteSwap.Cli.Commands.Certs;

/// <summary>
/// A folder with an authority and what it has signed: <c>ca</c>, <c>server</c>, <c>tenant-NAME</c>, <c>admin-NAME</c>,
/// each as <c>.pem</c> and <c>.key</c>. Files are made whole or not at all; none is written over unless that was asked
/// for, and then key and certificate take the place of the old ones one after the other, which readers bear.
/// </summary>
internal sealed class CertificateFolder(string path)
{
    /// <summary>What the authority's files are called.</summary>
    public const string Ca = "ca";

    /// <summary>What the server's files are called.</summary>
    public const string Server = "server";

    /// <summary>The folder.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>What a client's files are called.</summary>
    public static string NameOf(Identity identity) =>
        (identity.Kind == IdentityKind.Tenant ? "tenant-" : "admin-") + identity.Name;

    /// <summary>The certificate of a name.</summary>
    public string Certificate(string name) => System.IO.Path.Combine(Path, $"{name}.pem");

    /// <summary>The key of a name.</summary>
    public string Key(string name) => System.IO.Path.Combine(Path, $"{name}.key");

    /// <summary>Reads the authority.</summary>
    /// <exception cref="CredentialException">There is none, or its key is open to others.</exception>
    public CertificateAuthority OpenAuthority(DateTimeOffset now) =>
        CertificateAuthority.Open(Certificate(Ca), Key(Ca), now);

    /// <summary>Refuses what would be written over.</summary>
    /// <exception cref="CommandFailedException">A file is there.</exception>
    public void RequireAbsent(IEnumerable<string> names)
    {
        string[] there =
        [
            .. names.SelectMany(name => (string[])[Certificate(name), Key(name)]).Where(File.Exists),
        ];
        if (there.Length > 0)
        {
            throw CommandFailedException.Failed(
                $"{string.Join(", ", there)} {(there.Length == 1 ? "is" : "are")} there already and not written over; "
                + "name another --out, or renew what an authority has signed by `remoteswap certs add --renew`");
        }
    }

    /// <summary>Writes certificates and keys.</summary>
    /// <param name="all">Each with its name.</param>
    /// <param name="replaces">Whether they take the place of those that are there.</param>
    /// <exception cref="IOException">One can not be written; nothing new stays.</exception>
    public void Write(IReadOnlyCollection<(string Name, IssuedCertificate Issued)> all, bool replaces)
    {
        PrivateFile.MakeFolder(Path);
        List<string> made = [];
        try
        {
            foreach ((string name, IssuedCertificate issued) in all)
            {
                string suffix = replaces ? $".{System.IO.Path.GetRandomFileName()}" : "";
                issued.Write(Certificate(name) + suffix, Key(name) + suffix);

                // Only what this run has made is ever deleted: another one may have made the next.
                made.Add(Key(name) + suffix);
                made.Add(Certificate(name) + suffix);
                if (replaces)
                {
                    File.Move(Key(name) + suffix, Key(name), overwrite: true);
                    File.Move(Certificate(name) + suffix, Certificate(name), overwrite: true);
                }
            }
        }
        catch
        {
            made.ForEach(File.Delete);
            throw;
        }
    }
}
