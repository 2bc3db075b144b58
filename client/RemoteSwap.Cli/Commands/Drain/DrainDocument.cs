using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Drain;

/// <summary>What <c>drain --json</c> writes.</summary>
/// <param name="Server">The server.</param>
/// <param name="StoredPages">Pages that it writes.</param>
/// <param name="UsedBytes">Memory that they use.</param>
internal sealed record DrainDocument(string Server, ulong StoredPages, ulong UsedBytes)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.drain/1";
}
