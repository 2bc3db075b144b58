using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Invalidate;

/// <summary>What <c>invalidate --json</c> writes.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Area">Its area.</param>
/// <param name="DryRun">Whether nothing was sent.</param>
/// <param name="All">Whether all of the area was meant.</param>
/// <param name="Slots">Slots that were named, those of runs included; 0 with all.</param>
/// <param name="PagesForgotten">Pages that were there and are gone.</param>
/// <param name="SlotsStale">Slots that hold a newer page, which stays.</param>
internal sealed record InvalidateDocument(
    string Server,
    string Tenant,
    uint Area,
    bool DryRun,
    bool All,
    ulong Slots,
    ulong PagesForgotten,
    ulong SlotsStale)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.invalidate/1";
}
