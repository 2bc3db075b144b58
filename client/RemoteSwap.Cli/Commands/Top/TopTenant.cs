using RemoteSwap.Cli.Commands.Stat;

namespace RemoteSwap.Cli.Commands.Top;

/// <summary>A tenant as <c>top</c> shows it: what it has now, and what happened since the last look.</summary>
/// <param name="Tenant">Its name.</param>
/// <param name="State">ok, cache, full (at its limit), disabled or broken.</param>
/// <param name="UsedBytes">Memory that it uses.</param>
/// <param name="LimitBytes">Memory that it may use.</param>
/// <param name="GuaranteeBytes">Memory that is its own.</param>
/// <param name="Pages">Pages stored now.</param>
/// <param name="Density">Zpages in memory a frame, 0 to 2.</param>
/// <param name="Ratio">Bytes of pages a byte of zpages; null: there are none.</param>
/// <param name="StoresPerSecond">Pages taken a second.</param>
/// <param name="LoadsPerSecond">Pages answered a second.</param>
/// <param name="InvalidationsPerSecond">Pages forgotten a second.</param>
/// <param name="RefusedPerSecond">Pages refused a second, whatever the cause.</param>
/// <param name="Refused">Pages refused since the server's start.</param>
/// <param name="ReclaimedFramesPerSecond">Frames freed by reclaim a second.</param>
/// <param name="ReclaimedFrames">Frames freed by reclaim since the server's start.</param>
/// <param name="SpilledPages">Pages in the spill file.</param>
/// <param name="CorruptPages">Corrupt pages found since the server's start.</param>
internal sealed record TopTenant(
    string Tenant,
    string State,
    ulong UsedBytes,
    ulong LimitBytes,
    ulong GuaranteeBytes,
    ulong Pages,
    double Density,
    double? Ratio,
    double StoresPerSecond,
    double LoadsPerSecond,
    double InvalidationsPerSecond,
    double RefusedPerSecond,
    ulong Refused,
    double ReclaimedFramesPerSecond,
    ulong ReclaimedFrames,
    ulong SpilledPages,
    ulong CorruptPages)
{
    /// <summary>What happened to a tenant between two looks.</summary>
    /// <param name="now">The later one.</param>
    /// <param name="before">The earlier one; the same where there is none.</param>
    /// <param name="seconds">The time between them.</param>
    public static TopTenant Of(TenantFigures now, TenantFigures before, double seconds) => new(
        now.Tenant,
        StateOf(now),
        now.UsedBytes,
        now.LimitBytes,
        now.GuaranteeBytes,
        now.Pages,
        now.Density,
        now.Ratio,
        Rate(now.Stores, before.Stores, seconds),
        Rate(now.Loads, before.Loads, seconds),
        Rate(now.Invalidations, before.Invalidations, seconds),
        Rate(RefusedOf(now), RefusedOf(before), seconds),
        RefusedOf(now),
        Rate(now.ReclaimedFrames, before.ReclaimedFrames, seconds),
        now.ReclaimedFrames,
        now.SpilledPages,
        now.CorruptPages);

    // A server that began anew counts from 0: that is no rate.
    private static double Rate(ulong now, ulong before, double seconds) =>
        now < before ? 0 : Math.Round((now - before) / seconds, 1);

    private static ulong RefusedOf(TenantFigures figures) => figures.RejectReclaimFail + figures.RejectAllocFail
        + figures.RejectKmemcacheFail + figures.RejectCompressPoor + figures.RejectDisabled;

    private static string StateOf(TenantFigures now) => now.Poisoned ? "broken"
        : !now.Enabled ? "disabled"
        : now.ReachedLimit ? "full"
        : now.Ephemeral ? "cache"
        : "ok";
}
