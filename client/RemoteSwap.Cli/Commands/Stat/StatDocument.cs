using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Stat;

/// <summary>What <c>stat --json</c> writes; with <c>--watch</c> one line of it each time.</summary>
/// <param name="Address">The server's URI.</param>
/// <param name="Time">When the answer was here.</param>
/// <param name="Server">The server as a whole; null: only administrators see it.</param>
/// <param name="Tenants">The tenants that were asked for, by name.</param>
internal sealed record StatDocument(
    string Address, DateTimeOffset Time, ServerFigures? Server, IReadOnlyList<TenantFigures> Tenants)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.stat/1";
}
