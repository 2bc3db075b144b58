using System.Globalization;
using System.Security.Cryptography;
using RemoteSwap.Credentials;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Security;

/// <summary>
/// Reads a file of tokens, see <see cref="SecuritySection.Tokens"/>. One bad line makes the file bad: a server that
/// took the rest would lock somebody out, or let somebody stay. What is wrong is said by the line's number and never by
/// what stands there, which may be a secret in a place where none belongs.
/// </summary>
internal static class TokenFile
{
    /// <summary>The most lines with a token.</summary>
    public const int MaxTokens = 16_384;

    private const string HashStart = "sha256:";
    private const string UntilStart = "until=";

    private static readonly char[] s_blanks = [' ', '\t'];

    // Times without a zone are UTC.
    private static readonly string[] s_times =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    /// <summary>Reads the file's text.</summary>
    /// <param name="name">What to call the file.</param>
    /// <param name="text">The text.</param>
    /// <param name="errors">Takes one text for each line that is wrong.</param>
    public static TokenSet Read(string name, string text, List<string> errors)
    {
        Dictionary<string, (int Line, TokenCredential Token)> tokens = new(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string[] fields = line.Split('#')[0].TrimEnd('\r').Split(
                s_blanks, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0)
            {
                continue;
            }

            string? problem = ReadLine(fields, out TokenCredential? token);
            if (problem is null && !tokens.TryAdd(Convert.ToHexString(token!.Hash), (number, token)))
            {
                problem = $"has the same token as line {tokens[Convert.ToHexString(token.Hash)].Line}; a token has one "
                    + "line, or it would not be clear whose it is and until when";
            }

            if (problem is null && tokens.Count > MaxTokens)
            {
                problem = $"is one too many: at most {MaxTokens} tokens are allowed";
            }

            if (problem is not null)
            {
                errors.Add($"{name}: line {number} {problem}");
            }
        }

        return new TokenSet(tokens.Values.Select(entry => entry.Token));
    }

    private static string? ReadLine(string[] fields, out TokenCredential? token)
    {
        token = null;
        if (fields.Length is < 3 or > 4 || fields[0] is not ("tenant" or "admin"))
        {
            return "must be 'tenant NAME sha256:HEX [until=TIME]' or 'admin NAME sha256:HEX [until=TIME]'";
        }

        if (!Identity.IsName(fields[1]))
        {
            return $"has a bad name; a name has {Identity.AllowedName}";
        }

        if (!TryReadHash(fields[2], out byte[] hash))
        {
            return $"has no good third field: it must be {HashStart} and 64 hexadecimal digits, the SHA-256 of the "
                + "token's text; a token itself belongs to its owner only";
        }

        DateTimeOffset until = default;
        if (fields.Length == 4 && !TryReadUntil(fields[3], out until))
        {
            return $"has no good fourth field: it must be {UntilStart} and a time such as 2027-01-31T00:00:00Z";
        }

        Caller caller = fields[0] == "admin" ? Caller.Admin(fields[1]) : Caller.Tenant(fields[1]);
        token = new TokenCredential(caller, hash, fields.Length == 4 ? until : null);
        return null;
    }

    private static bool TryReadHash(string field, out byte[] hash)
    {
        hash = new byte[SHA256.HashSizeInBytes];
        ReadOnlySpan<char> digits = field.AsSpan(Math.Min(HashStart.Length, field.Length));
        return field.StartsWith(HashStart, StringComparison.Ordinal)
            && digits.Length == 2 * hash.Length
            && Convert.FromHexString(digits, hash, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    private static bool TryReadUntil(string field, out DateTimeOffset until)
    {
        until = default;
        return field.StartsWith(UntilStart, StringComparison.Ordinal)
            && DateTimeOffset.TryParseExact(
                field[UntilStart.Length..],
                s_times,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out until);
    }
}
