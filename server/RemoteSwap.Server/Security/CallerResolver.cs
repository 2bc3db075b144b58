using Microsoft.Extensions.Primitives;
using RemoteSwap.Server.Access;

namespace RemoteSwap.Server.Security;

/// <summary>
/// Finds the credential of a request: the token that it brings, or else what its connection has shown. A token that
/// does not count is not made up for by a certificate that does: whoever sends one means it.
/// </summary>
internal sealed class CallerResolver(CredentialStore store, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    private static readonly AccessDenial s_none = new(
        AccessReason.NoCredential,
        "is missing; show a certificate of this server's authorities or send a token (authorization: Bearer TOKEN)");

    private static readonly AccessDenial s_badHeader = new(
        AccessReason.UnknownCredential, "is not of the form 'authorization: Bearer TOKEN', once");

    private static readonly AccessDenial s_badToken = new(
        AccessReason.UnknownCredential, "is a token that this server does not know");

    /// <summary>Finds it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="denial">Why there is none; meaningless if there is one.</param>
    /// <returns>A credential that counts now; null: there is none.</returns>
    public ICredential? Find(HttpContext context, out AccessDenial denial)
    {
        SecurityState state = store.Current;
        StringValues header = context.Request.Headers.Authorization;
        ConnectionIdentity? connection = context.Features.Get<ConnectionIdentity>();
        ICredential? credential = header.Count == 0 ? connection?.Credential : FindToken(state, header);
        denial = header.Count == 0 ? connection?.Denial ?? s_none
            : IsWellFormed(header) ? s_badToken
            : s_badHeader;
        if (credential?.Check(state, time.GetUtcNow()) is { } ended)
        {
            denial = ended;
            return null;
        }

        return credential;
    }

    private static bool IsWellFormed(StringValues header) =>
        header.Count == 1 && header[0]!.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    private static TokenCredential? FindToken(SecurityState state, StringValues header) =>
        IsWellFormed(header) ? state.Tokens.Find(header[0].AsSpan(Scheme.Length).Trim()) : null;
}
