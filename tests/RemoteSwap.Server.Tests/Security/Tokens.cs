using System.Security.Cryptography;
using System.Text;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>Tokens of a test, and the lines of a server's file that go with them.</summary>
internal static class Tokens
{
    public static string New() =>
        "rst_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-')
            .Replace('/', '_');

    public static string Line(string who, string token, string until = "") =>
        $"{who} sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}"
        + (until.Length == 0 ? "" : $" until={until}") + "\n";
}
