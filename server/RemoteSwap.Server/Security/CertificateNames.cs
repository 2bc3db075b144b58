using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RemoteSwap.Credentials;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Security;

/// <summary>
/// Whom a certificate names. It says nothing of whether the certificate is to be believed. One that names nobody, or
/// more than one, names nobody.
/// </summary>
internal static class CertificateNames
{
    private const string CommonName = "2.5.4.3";
    private const string Scheme = "remoteswap:";

    /// <summary>Finds the caller.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="options">Where the name stands.</param>
    /// <returns>The caller; null: nobody.</returns>
    public static Caller? CallerOf(X509Certificate2 certificate, SecurityOptions options)
    {
        try
        {
            return options.TenantFrom == NamePlace.Uri
                ? OfUri([.. Identity.UrisOf(certificate).Where(
                    uri => uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))])
                : OfCommonName([.. CommonNames(certificate)], options.AdminNames);
        }
        catch (Exception malformed) when (malformed is CryptographicException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Caller? OfUri(string[] uris) => (uris is [string uri] ? Identity.Parse(uri) : null) switch
    {
        { Kind: IdentityKind.Tenant } tenant => Caller.Tenant(tenant.Name),
        { } admin => Caller.Admin(admin.Name),
        null => null,
    };

    private static Caller? OfCommonName(string[] names, IReadOnlySet<string> admins) =>
        names is not [string name] || !Identity.IsName(name) ? null
        : admins.Contains(name) ? Caller.Admin(name)
        : Caller.Tenant(name);

    private static IEnumerable<string> CommonNames(X509Certificate2 certificate) =>
        from part in certificate.SubjectName.EnumerateRelativeDistinguishedNames()
        where !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName
        select part.GetSingleElementValue();
}
