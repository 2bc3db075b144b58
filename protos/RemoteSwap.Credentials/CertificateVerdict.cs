using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace RemoteSwap.Credentials;

/// <summary>
/// Puts into words why a certificate is not believed: who it is from, what it says, and what was expected. It decides
/// nothing; the system has checked, and whatever it found is a refusal.
/// </summary>
public static class CertificateVerdict
{
    private const string AlternativeNames = "2.5.29.17";

    /// <summary>The reason.</summary>
    /// <param name="certificate">What the other end showed; null: nothing.</param>
    /// <param name="chain">How it was followed to an authority.</param>
    /// <param name="errors">What the system found, not nothing.</param>
    /// <param name="expectedName">The name that it should have; null: any.</param>
    /// <param name="now">The time.</param>
    public static string Words(
        X509Certificate2? certificate,
        X509Chain? chain,
        SslPolicyErrors errors,
        string? expectedName,
        DateTimeOffset now)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "it showed no certificate";
        }

        List<string> reasons = [];
        if (certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)
        {
            reasons.Add($"it expired on {Day(certificate.NotAfter)}; renew it");
        }
        else if (certificate.NotBefore.ToUniversalTime() > now.UtcDateTime)
        {
            reasons.Add($"it is valid from {Day(certificate.NotBefore)} on only; compare the clocks");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Add($"it is for {NamesOf(certificate)}, not for '{expectedName}'; connect by a name that it has, "
                + "or say which one is expected");
        }

        X509ChainStatusFlags found = chain?.ChainStatus.Aggregate(
            X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;
        if (found.HasFlag(X509ChainStatusFlags.UntrustedRoot) || found.HasFlag(X509ChainStatusFlags.PartialChain))
        {
            reasons.Add($"its issuer '{certificate.Issuer}' is none of the authorities that are believed; check the CA "
                + "file");
        }

        if (found.HasFlag(X509ChainStatusFlags.NotValidForUsage))
        {
            reasons.Add("it was made for another use: a client's is no server's, and the other way round");
        }

        if (reasons.Count == 0)
        {
            reasons.Add($"{errors}, {found}");
        }

        return $"its certificate '{certificate.Subject}' is refused: {string.Join("; ", reasons)}";
    }

    /// <summary>DNS names and addresses of a certificate, in words.</summary>
    public static string NamesOf(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        IReadOnlyList<string> names = ServerNames(certificate);
        return names.Count == 0 ? "no server" : string.Join(", ", names.Select(name => $"'{name}'"));
    }

    /// <summary>DNS names and addresses of a certificate, in its order.</summary>
    public static IReadOnlyList<string> ServerNames(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (certificate.Extensions.FirstOrDefault(one => one.Oid?.Value == AlternativeNames) is not { } extension)
        {
            return [];
        }

        X509SubjectAlternativeNameExtension names = new(extension.RawData);
        return [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString())];
    }

    private static string Day(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
