using System.Globalization;
using System.Security.Cryptography;
using RemoteSwap.Server.Access;

namespace RemoteSwap.Server.Security;

/// <summary>
/// A token as the server knows it: whose it is, until when, and the SHA-256 of its text. The text itself is nowhere. A
/// token has 32 random bytes, so a plain hash is enough: there is nothing to guess. Immutable.
/// </summary>
internal sealed class TokenCredential : ICredential
{
    private readonly byte[] _hash;
    private readonly DateTimeOffset? _until;

    /// <summary>Creates one.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="hash">The SHA-256 of its text.</param>
    /// <param name="until">The first moment at which it does not count any more; null: it always does.</param>
    public TokenCredential(Caller caller, byte[] hash, DateTimeOffset? until)
    {
        Caller = caller;
        _hash = hash;
        _until = until;
    }

    /// <inheritdoc/>
    public Caller Caller { get; }

    /// <summary>The SHA-256 of its text.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Whether it is the token with this hash; takes the same time whatever the answer is.</summary>
    public bool Is(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(_hash, hash);

    /// <inheritdoc/>
    public AccessDenial? Check(SecurityState state, DateTimeOffset now)
    {
        // The file may have been read anew since the token came.
        TokenCredential? current = state.Tokens.Find(_hash);
        if (current is null || !current.Caller.IsSame(Caller))
        {
            return new AccessDenial(
                AccessReason.UnknownCredential, $"is a token of {Caller} that this server does not know any more");
        }

        return current._until is { } until && now >= until
            ? new AccessDenial(
                AccessReason.ExpiredCredential,
                string.Create(
                    CultureInfo.InvariantCulture, $"is a token of {Caller} that ended at {until.UtcDateTime:u}"))
            : null;
    }
}
