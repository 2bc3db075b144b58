using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Tenants;

/// <summary>What a change of a tenant writes with <c>--json</c>.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tenant">The tenant after the change.</param>
internal sealed record TenantDocument(string Server, TenantRow Tenant)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.tenant/1";
}
