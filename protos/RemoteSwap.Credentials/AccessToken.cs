using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace RemoteSwap.Credentials;

/// <summary>
/// A token: 32 random bytes, written <c>rst_</c> and base64url without padding (RFC 4648, section 5). The server keeps
/// its SHA-256 only, which is enough, since 256 random bits can not be guessed and need no slow hash.
/// </summary>
public static class AccessToken
{
    /// <summary>What a token begins with, so that people and scanners know one when they see it.</summary>
    public const string Prefix = "rst_";

    private const int Bytes = 32;
    private const string What = "token file";
    private const string HashPrefix = "sha256:";

    private static readonly int s_length = Prefix.Length + Base64Url.GetEncodedLength(Bytes);

    /// <summary>Makes one.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether a text is one.</summary>
    public static bool IsToken([NotNullWhen(true)] string? text) =>
        text is not null
        && text.Length == s_length
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && Base64Url.IsValid(text.AsSpan(Prefix.Length));

    /// <summary>What the server keeps of a token: <c>sha256:</c> and 64 digits.</summary>
    public static string HashOf(string token) =>
        HashPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    /// <summary>Reads a file that holds one token and nothing else but white space around it.</summary>
    /// <exception cref="CredentialException">It can not be read, is open to others, or holds no token.</exception>
    public static string Read(string path)
    {
        string text = SecretFile.Read(path, What).Trim();
        return IsToken(text)
            ? text
            : throw new CredentialException(
                $"{What} '{path}' holds no token: one line of '{Prefix}' and {s_length - Prefix.Length} letters, as "
                + "`remoteswap tokens new` makes it");
    }
}
