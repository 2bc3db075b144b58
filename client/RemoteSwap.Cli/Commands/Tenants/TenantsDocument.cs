using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Tenants;

/// <summary>What <c>tenants --json</c> writes.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tenants">Its tenants, by name.</param>
internal sealed record TenantsDocument(string Server, IReadOnlyList<TenantRow> Tenants)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.tenants/1";
}
