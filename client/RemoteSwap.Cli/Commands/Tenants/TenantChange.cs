using RemoteSwap.Cli.Admin;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Tenants;

/// <summary>Sends a change of a tenant and shows the tenant after it.</summary>
internal static class TenantChange
{
    /// <summary>Sends it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> SendAsync(CommandRun run, SetTenantLimitsRequest request)
    {
        using AdminLink admin = run.OpenAdmin();
        TenantRow row = TenantRow.Of(await admin.SetAsync(request, run.Stop));
        if (run.Json)
        {
            TenantDocument document = new(run.Server.WithTenant(null).ToString(), row);
            run.WriteJson(document, CliJsonContext.Default.TenantDocument);
        }
        else
        {
            TenantTable.Write([row], run.Output);
        }

        if (row.UsedBytes > row.LimitBytes)
        {
            run.Remark(
                $"tenant '{row.Tenant}' uses {Amount.Bytes(row.UsedBytes)}, more than its limit; its pages stay, "
                + $"new ones are refused until it uses {row.AcceptThresholdPercent} % of the limit; "
                + $"`remoteswap reclaim {row.Tenant} --frames N` helps");
        }

        return ExitCode.Ok;
    }
}
