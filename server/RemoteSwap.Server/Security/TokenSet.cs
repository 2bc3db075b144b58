using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RemoteSwap.Server.Security;

/// <summary>
/// The tokens of one file, to be found by their text. What is presented is hashed first, and what is compared is the
/// hash: how long it takes says nothing of any token. Immutable.
/// </summary>
internal sealed class TokenSet
{
    /// <summary>More characters than a token has are not looked at.</summary>
    public const int MaxTokenChars = 256;

    private readonly ILookup<ulong, TokenCredential> _byStart;

    public TokenSet(IEnumerable<TokenCredential> tokens) => _byStart = tokens.ToLookup(token => StartOf(token.Hash));

    /// <summary>Without tokens.</summary>
    public static TokenSet Empty { get; } = new([]);

    /// <summary>Finds a token by its text.</summary>
    public TokenCredential? Find(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[MaxTokenChars];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (text.Length is 0 or > MaxTokenChars || !Encoding.UTF8.TryGetBytes(text, utf8, out int bytes))
        {
            return null;
        }

        SHA256.HashData(utf8[..bytes], hash);
        TokenCredential? found = Find(hash);
        CryptographicOperations.ZeroMemory(utf8);
        return found;
    }

    /// <summary>Finds a token by its hash.</summary>
    public TokenCredential? Find(ReadOnlySpan<byte> hash)
    {
        foreach (TokenCredential token in _byStart[StartOf(hash)])
        {
            if (token.Is(hash))
            {
                return token;
            }
        }

        return null;
    }

    private static ulong StartOf(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);
}
