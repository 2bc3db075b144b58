using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.V1;
using StoreOutcome = RemoteSwap.Client.StoreOutcome;

namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>Why a page was refused, with the figures that explain it, and what to do.</summary>
internal static class RefusalWords
{
    /// <summary>The words for a refused page. Asks the server for figures; without them it says less.</summary>
    public static async Task<string> OfAsync(CommandRun run, PageRefusedException refused)
    {
        ListTenantsResponse? figures = await TryListAsync(run);
        string tenant = run.Server.TenantOrDefault;
        TenantStatistics? own = figures?.Tenants.FirstOrDefault(one => one.Tenant == tenant);
        string reason = refused.Outcome switch
        {
            StoreOutcome.TenantLimit => $"tenant '{tenant}' is at its limit{Usage(own?.LimitBytes, own?.UsedBytes)}; "
                + $"raise it with `remoteswap tenants set-limit {tenant} SIZE`, or write frames back with "
                + $"`remoteswap reclaim {tenant} --frames N`",
            StoreOutcome.PoolLimit => "the server is at its limit"
                + Usage(figures?.Server?.LimitBytes, figures?.Server?.UsedBytes)
                + "; raise its Store:Limit, or invalidate pages",
            StoreOutcome.Disabled => $"tenant '{tenant}' takes no new pages; allow it with "
                + $"`remoteswap tenants enable {tenant}`",
            StoreOutcome.PageQuota => $"tenant '{tenant}' has as many pages as it may, "
                + $"{own?.Quotas?.Pages.ToString() ?? "?"} (it has {own?.StoredPages.ToString() ?? "?"}); raise that "
                + $"with `remoteswap tenants set-limit {tenant} --pages N`, or invalidate pages",
            StoreOutcome.CompressPoor =>
                $"the page does not compress and tenant '{tenant}' rejects such pages; see its setting Incompressible",
            StoreOutcome.Stale => "another writer stored to it at the same time; give every writer an area of its own",
            StoreOutcome.Fenced => "somebody else took the area meanwhile; `remoteswap areas` says who",
            StoreOutcome.Draining => "the server is shutting down; repeat it when it is back",
            StoreOutcome.AllocFail or StoreOutcome.MetadataFail =>
                "the server got no memory from its system; give it more, or lower its Store:Limit",
            _ => $"the server no longer serves tenant '{tenant}'; its log says why",
        };
        return $"the page of slot {refused.Slot} of area {run.Area} was refused: {reason}."
            + (refused.Outcome == StoreOutcome.Fenced ? "" : " The slot is empty now.")
            + $" [store outcome {refused.Outcome}]";
    }

    private static string Usage(ulong? limit, ulong? used) => limit is null || used is null
        ? ""
        : $" {Amount.Bytes(limit.Value)} (used {Amount.Bytes(used.Value)})";

    private static async Task<ListTenantsResponse?> TryListAsync(CommandRun run)
    {
        try
        {
            using AdminLink admin = run.OpenAdmin();
            return await admin.SeeAsync(run.Server.TenantOrDefault, run.Stop);
        }
        catch (Exception failed) when (failed is CommandFailedException or OperationCanceledException)
        {
            return null;
        }
    }
}
