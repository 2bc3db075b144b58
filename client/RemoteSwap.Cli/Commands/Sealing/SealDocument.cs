using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Sealing;

/// <summary>What <c>seal --json</c> and the commands below it write.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Area">The area.</param>
/// <param name="Ring">The key ring's file.</param>
/// <param name="Keys">Data keys in it; 0: it was erased.</param>
/// <param name="Current">The number of the one for new pages.</param>
/// <param name="Created">When that was made.</param>
internal sealed record SealDocument(
    string Tenant, uint Area, string Ring, int Keys, int Current, DateTimeOffset Created)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.seal/1";
}
