using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RemoteSwap.Credentials;

/// <summary>
/// Who somebody is, as certificates say it: a URI among the subject alternative names (RFC 5280, section 4.2.1.6),
/// <c>remoteswap://tenant/NAME</c> or <c>remoteswap://admin/NAME</c>. Compared letter by letter; nothing in it is
/// escaped, for a name has no letters that would need it.
/// </summary>
/// <param name="Kind">What it may do.</param>
/// <param name="Name">The tenant's or administrator's name.</param>
public sealed record Identity(IdentityKind Kind, string Name)
{
    /// <summary>What a name may be, for messages.</summary>
    public const string AllowedName = "1 to 64 letters, digits, '-', '_' or '.'";

    private const int MaxNameLength = 64;
    private const string TenantPrefix = "remoteswap://tenant/";
    private const string AdminPrefix = "remoteswap://admin/";
    private const string AlternativeNames = "2.5.29.17";
    private const int UriTag = 6;

    /// <summary>The URI.</summary>
    public string Text => (Kind == IdentityKind.Tenant ? TenantPrefix : AdminPrefix) + Name;

    /// <summary>Whether a text is a name, as the server's settings take it.</summary>
    public static bool IsName([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxNameLength }
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Reads a URI; null: it is none of these.</summary>
    public static Identity? Parse(string text)
    {
        (IdentityKind kind, string prefix) = text.StartsWith(TenantPrefix, StringComparison.Ordinal)
            ? (IdentityKind.Tenant, TenantPrefix)
            : (IdentityKind.Admin, AdminPrefix);
        return text.StartsWith(prefix, StringComparison.Ordinal) && IsName(text[prefix.Length..])
            ? new Identity(kind, text[prefix.Length..])
            : null;
    }

    /// <summary>All that a certificate says, in its order; URIs of other kinds are left out.</summary>
    /// <exception cref="CryptographicException">Its alternative names are malformed.</exception>
    public static IReadOnlyList<Identity> Of(X509Certificate2 certificate) =>
        [.. UrisOf(certificate).Select(Parse).OfType<Identity>()];

    /// <summary>All URIs among a certificate's alternative names, of whatever kind.</summary>
    /// <exception cref="CryptographicException">The names are malformed.</exception>
    public static IReadOnlyList<string> UrisOf(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return
        [
            .. certificate.Extensions.Where(one => one.Oid?.Value == AlternativeNames)
                .SelectMany(names => Uris(names.RawData)),
        ];
    }

    private static List<string> Uris(byte[] names)
    {
        List<string> found = [];
        try
        {
            AsnReader all = new AsnReader(names, AsnEncodingRules.DER).ReadSequence();
            Asn1Tag uri = new(TagClass.ContextSpecific, UriTag);
            while (all.HasData)
            {
                if (all.PeekTag().HasSameClassAndValue(uri))
                {
                    found.Add(all.ReadCharacterString(UniversalTagNumber.IA5String, uri));
                }
                else
                {
                    all.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException malformed)
        {
            throw new CryptographicException("The certificate's alternative names are malformed.", malformed);
        }

        return found;
    }
}
