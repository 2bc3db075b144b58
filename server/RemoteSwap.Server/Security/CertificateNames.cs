using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Security;

/// <summary>
/// Whom a certificate names. It says nothing of whether the certificate is to be believed. One that names nobody, or
/// more than one, names nobody.
/// </summary>
internal static class CertificateNames
{
    // RFC 5280, 4.2.1.6: subjectAltName, and in it GeneralName [6] uniformResourceIdentifier.
    private const string AlternativeNames = "2.5.29.17";
    private const int UriTag = 6;
    private const string CommonName = "2.5.4.3";
    private const string TenantStart = "remoteswap://tenant/";
    private const string AdminStart = "remoteswap://admin/";
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
                ? OfUri([.. Uris(certificate).Where(
                    uri => uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))])
                : OfCommonName([.. CommonNames(certificate)], options.AdminNames);
        }
        catch (Exception malformed) when (malformed is AsnContentException
            or System.Security.Cryptography.CryptographicException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Caller? OfUri(string[] uris)
    {
        if (uris is not [string uri])
        {
            return null;
        }

        if (uri.StartsWith(TenantStart, StringComparison.Ordinal))
        {
            string tenant = uri[TenantStart.Length..];
            return TenantName.IsValid(tenant) ? Caller.Tenant(tenant) : null;
        }

        string admin = uri.StartsWith(AdminStart, StringComparison.Ordinal) ? uri[AdminStart.Length..] : "";
        return TenantName.IsValid(admin) ? Caller.Admin(admin) : null;
    }

    private static Caller? OfCommonName(string[] names, IReadOnlySet<string> admins) =>
        names is not [string name] || !TenantName.IsValid(name) ? null
        : admins.Contains(name) ? Caller.Admin(name)
        : Caller.Tenant(name);

    private static IEnumerable<string> Uris(X509Certificate2 certificate)
    {
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension.Oid?.Value != AlternativeNames)
            {
                continue;
            }

            AsnReader names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            Asn1Tag uri = new(TagClass.ContextSpecific, UriTag);
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(uri))
                {
                    yield return names.ReadCharacterString(UniversalTagNumber.IA5String, uri);
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }
        }
    }

    private static IEnumerable<string> CommonNames(X509Certificate2 certificate) =>
        from part in certificate.SubjectName.EnumerateRelativeDistinguishedNames()
        where !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName
        select part.GetSingleElementValue();
}
