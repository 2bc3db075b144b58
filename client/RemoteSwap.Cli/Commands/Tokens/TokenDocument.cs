using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Tokens;

/// <summary>What <c>tokens new --json</c> writes: all but the token.</summary>
/// <param name="Kind"><c>tenant</c> or <c>admin</c>.</param>
/// <param name="Name">Whose it is.</param>
/// <param name="File">Where the token is.</param>
/// <param name="Hash">What the server keeps of it.</param>
/// <param name="Until">When it expires, UTC; null: never.</param>
/// <param name="Line">The line for the server's token file.</param>
internal sealed record TokenDocument(
    string Kind, string Name, string File, string Hash, DateTimeOffset? Until, string Line)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.token/1";
}
