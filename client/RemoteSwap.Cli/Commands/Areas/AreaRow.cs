using System.Text.Json.Serialization;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Areas;

/// <summary>An area that has an owner.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Area">The area's number.</param>
/// <param name="Holder">The owner, as it says itself.</param>
/// <param name="State"><c>owned</c>, or <c>orphaned</c>: the owner has been silent for longer than its lease.</param>
/// <param name="Epoch">The owner's attach epoch.</param>
/// <param name="SilentMs">For how long the owner has not been heard of.</param>
/// <param name="FreedInMs">Of an orphan: until its pages are dropped; else null.</param>
/// <param name="Pages">Pages stored.</param>
internal sealed record AreaRow(
    string Tenant, uint Area, string Holder, string State, ulong Epoch, ulong SilentMs, ulong? FreedInMs, ulong Pages)
{
    /// <summary>For how long the owner has not been heard of.</summary>
    [JsonIgnore]
    public TimeSpan SilentFor => TimeSpan.FromMilliseconds(SilentMs);

    /// <summary>An area at a moment.</summary>
    public static AreaRow Of(AreaStatistics now) => new(
        now.Tenant,
        now.Area,
        now.Holder,
        now.Orphaned ? "orphaned" : "owned",
        now.AttachEpoch,
        now.SilentMs,
        now.Orphaned ? now.FreedInMs : null,
        now.Pages);
}
