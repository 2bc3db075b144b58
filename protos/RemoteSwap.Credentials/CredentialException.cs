using System.Security.Authentication;

namespace RemoteSwap.Credentials;

/// <summary>
/// One end could not show who it is, or did not believe the other: a file that is missing, malformed or open to others,
/// a certificate that did not verify, a certificate that the other end turned away. Trying again is of no use before
/// somebody has changed something.
/// <para>
/// What it is not: a connection that broke. It never carries the exception of a socket or file, so that nothing takes
/// it for one and tries again.
/// </para>
/// </summary>
public sealed class CredentialException : Exception
{
    // What the system's TLS says when the other end has sent an alert about certificates (RFC 8446, section 6.2). The
    // type of that exception is the runtime's own, so its words are all there is to see.
    private const string SslWords = "SSL";

    private static readonly string[] s_certificateAlerts =
    [
        "alert bad certificate", "alert unsupported certificate", "alert certificate revoked",
        "alert certificate expired", "alert certificate unknown", "alert unknown ca", "alert access denied",
        "alert certificate required", "alert certificate_required", "alert unknown_ca",
    ];

    /// <summary>Creates one.</summary>
    /// <param name="message">What could not be shown or believed, and what to do.</param>
    public CredentialException(string message)
        : base(message)
    {
    }

    /// <summary>Looks for a reason of this kind behind what a transport threw.</summary>
    /// <param name="failure">What it threw; may be null.</param>
    /// <returns>The reason in words; null: it is another kind.</returns>
    public static string? WordsIn(Exception? failure)
    {
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            switch (at)
            {
                case CredentialException found:
                    return found.Message;
                case AuthenticationException found:
                    return $"the TLS handshake failed: {found.Message}";
                case { } found when IsCertificateAlert(found.Message):
                    return $"the other end turned this one's certificate away ({found.Message}); check who signed it, "
                        + "when it expires, and whether one was given at all";
                default:
                    break;
            }
        }

        return null;
    }

    private static bool IsCertificateAlert(string message) =>
        message.Contains(SslWords, StringComparison.Ordinal)
        && s_certificateAlerts.Any(alert => message.Contains(alert, StringComparison.OrdinalIgnoreCase));
}
