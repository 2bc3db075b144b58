using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Tenants;

/// <summary>A tenant and what it may do.</summary>
/// <param name="Tenant">Its name.</param>
/// <param name="State">See <see cref="StateOf"/>.</param>
/// <param name="Enabled">Whether new pages are taken.</param>
/// <param name="LimitBytes">Memory that it may use.</param>
/// <param name="GuaranteeBytes">Memory that is its own.</param>
/// <param name="Weight">What it keeps beside others when the server is full.</param>
/// <param name="Ephemeral">Whether its pages are a cache.</param>
/// <param name="UsedBytes">Memory that it uses.</param>
/// <param name="AcceptThresholdPercent">Below which share of the limit pages are taken again.</param>
/// <param name="Pages">Pages stored.</param>
internal sealed record TenantRow(
    string Tenant,
    string State,
    bool Enabled,
    ulong LimitBytes,
    ulong GuaranteeBytes,
    uint Weight,
    bool Ephemeral,
    ulong UsedBytes,
    uint AcceptThresholdPercent,
    ulong Pages)
{
    /// <summary>A tenant at a moment.</summary>
    public static TenantRow Of(TenantStatistics now) => new(
        now.Tenant,
        StateOf(now),
        now.Enabled,
        now.LimitBytes,
        now.GuaranteeBytes,
        now.Weight,
        now.Ephemeral,
        now.UsedBytes,
        now.AcceptThresholdPercent,
        now.StoredPages);

    /// <summary>What becomes of a new page: <c>open</c>, or why it is refused, the gravest reason first.</summary>
    private static string StateOf(TenantStatistics now) => now switch
    {
        { Poisoned: true } => "broken",
        { Enabled: false } => "disabled",
        { ReachedLimit: true } => "full",
        _ => "open",
    };
}
