using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Areas;

/// <summary>What <c>areas --json</c> writes.</summary>
/// <param name="Server">The server.</param>
/// <param name="Areas">Areas that have an owner, by tenant and number.</param>
internal sealed record AreasDocument(string Server, IReadOnlyList<AreaRow> Areas)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.areas/1";
}
