using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RemoteSwap.Credentials;

namespace RemoteSwap.Cli.Commands.Certs;

/// <summary>A certificate as a person wants to see it, and the state of its key's file.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Kind"><c>ca</c>, <c>server</c>, <c>tenant</c>, <c>admin</c>, <c>client</c> or <c>other</c>.</param>
/// <param name="Names">Whom it is for.</param>
/// <param name="Issuer">Who has signed it.</param>
/// <param name="NotBefore">Valid from then on, UTC.</param>
/// <param name="NotAfter">Valid until then, UTC.</param>
/// <param name="DaysLeft">Whole days until then; negative: it has expired.</param>
/// <param name="Sha256">Its fingerprint, hexadecimal.</param>
/// <param name="KeyFile">Its key beside it; null: none is there.</param>
/// <param name="KeyProblem">What is wrong with that file's mode; null: nothing.</param>
internal sealed record CertificateRow(
    string File,
    string Kind,
    IReadOnlyList<string> Names,
    string Issuer,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    int DaysLeft,
    string Sha256,
    string? KeyFile,
    string? KeyProblem)
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Whether it is of no use, or its key is open.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsBad => DaysLeft < 0 || KeyProblem is not null;

    /// <summary>Describes all certificates of a file.</summary>
    /// <exception cref="CredentialException">It holds none.</exception>
    public static IEnumerable<CertificateRow> Read(string file, DateTimeOffset now)
    {
        string key = Path.ChangeExtension(file, ".key");
        string? keyFile = key != file && System.IO.File.Exists(key) ? key : null;
        return CertificateFiles.ReadCertificates(file).Select(one => Of(file, one, now, keyFile));
    }

    /// <summary>Describes a certificate.</summary>
    public static CertificateRow Of(string file, X509Certificate2 certificate, DateTimeOffset now, string? keyFile)
    {
        (string kind, IReadOnlyList<string> names) = Describe(certificate);
        DateTimeOffset expires = new(certificate.NotAfter.ToUniversalTime());
        return new CertificateRow(
            file,
            kind,
            names,
            certificate.Issuer,
            new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
            expires,
            (int)Math.Floor((expires - now).TotalDays),
            certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLower(CultureInfo.InvariantCulture),
            keyFile,
            keyFile is null ? null : SecretFile.ModeProblem(keyFile));
    }

    private static (string Kind, IReadOnlyList<string> Names) Describe(X509Certificate2 certificate)
    {
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(one => one.CertificateAuthority))
        {
            return ("ca", [certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)]);
        }

        string[] uses =
        [
            .. certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
                .SelectMany(one => one.EnhancedKeyUsages.Cast<Oid>()).Select(use => use.Value ?? ""),
        ];
        IReadOnlyList<Identity> identities = Identity.Of(certificate);
        return (identities, uses) switch
        {
            ({ Count: > 0 }, _) => (
                identities[0].Kind == IdentityKind.Tenant ? "tenant" : "admin",
                [.. identities.Select(one => one.Name)]),
            _ when uses.Contains(ServerUse, StringComparer.Ordinal) =>
                ("server", CertificateVerdict.ServerNames(certificate)),
            _ => (
                uses.Contains(ClientUse, StringComparer.Ordinal) ? "client" : "other",
                [certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)]),
        };
    }
}
