using System.Net.Security;

namespace RemoteSwap.Server.Security;

/// <summary>
/// What the server knows of certificates and tokens at a time: the contents of its files. Immutable; a change of a file
/// makes another one, and whoever holds this one goes on with it to the end of what it does.
/// </summary>
internal sealed record SecurityState
{
    /// <summary>Without files.</summary>
    public static SecurityState Empty { get; } = new();

    /// <summary>The server's certificate with its issuers; null: no TLS.</summary>
    public SslStreamCertificateContext? ServerCertificate { get; init; }

    /// <summary>When the server's certificate ends; null: there is none.</summary>
    public DateTimeOffset? ServerCertificateEnd { get; init; }

    /// <summary>The authorities of clients' certificates; null: clients are not asked for one.</summary>
    public ClientRoots? ClientRoots { get; init; }

    /// <summary>The tokens.</summary>
    public TokenSet Tokens { get; init; } = TokenSet.Empty;
}
