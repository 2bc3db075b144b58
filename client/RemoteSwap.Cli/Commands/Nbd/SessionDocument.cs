using System.Text.Json;
using System.Text.Json.Serialization;
using RemoteSwap.Cli.Output;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>What stands in a session file. Whoever can read it can act for the area's owner.</summary>
/// <param name="Server">The server, for a person: on another machine it may have another name.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Area">The area.</param>
/// <param name="Epoch">The attach epoch.</param>
/// <param name="Token">The session's token.</param>
/// <param name="Incarnation">The server's incarnation in which the pages were stored.</param>
internal sealed record SessionDocument(
    string Server, string Tenant, uint Area, ulong Epoch, string Token, ulong Incarnation)
{
    /// <summary>What a session file calls itself.</summary>
    public const string Name = "remoteswap.session/1";

    /// <summary>Hexadecimal digits of a token.</summary>
    public const int TokenChars = 32;

    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; init; } = Name;

    /// <summary>Reads what stands in a session file.</summary>
    /// <returns>The session; null: the text is none.</returns>
    public static SessionDocument? Read(string text)
    {
        try
        {
            SessionDocument? document = JsonSerializer.Deserialize(text, CliJsonContext.Default.SessionDocument);
            return document is { Schema: Name, Tenant: not null, Token.Length: TokenChars }
                && document.Token.All(char.IsAsciiHexDigit)
                ? document
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
