using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;

namespace RemoteSwap.Cli.Commands.Stat;

/// <summary>The figures for a person: a line a tenant, and one for the server if it is to be seen.</summary>
internal static class StatTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(StatDocument document, TextWriter writer)
    {
        TextTable table = new(
            1, "TENANT", "LIMIT", "USED", "FRAMES", "DENSITY", "PAGES", "SAME-FILLED", "RATIO", "HIT-LIMIT",
            "WRITTEN-BACK", "EVICTED");
        foreach (TenantFigures tenant in document.Tenants)
        {
            table.Add(
                tenant.Tenant,
                Amount.Bytes(tenant.LimitBytes),
                Amount.Bytes(tenant.UsedBytes),
                Amount.Count(tenant.Frames),
                Amount.Ratio(tenant.Frames == 0 ? null : tenant.Density),
                Amount.Count(tenant.Pages),
                Amount.Count(tenant.SameFilledPages),
                Amount.Ratio(tenant.Ratio),
                Amount.Count(tenant.PoolLimitHit),
                Amount.Count(tenant.WrittenBackPages),
                Amount.Count(tenant.EvictedPages));
        }

        table.Write(writer);
        if (document.Server is { } server)
        {
            Write(server, writer);
        }
    }

    private static void Write(ServerFigures server, TextWriter writer)
    {
        string spill = server.SpillLimitBytes == 0
            ? "no spill file"
            : $"spill {Amount.Bytes(server.SpillUsedBytes)} of {Amount.Bytes(server.SpillLimitBytes)}";
        writer.WriteLine(
            $"server {ProductVersion.Short(server.Version)}: {Amount.Bytes(server.UsedBytes)} of "
            + $"{Amount.Bytes(server.LimitBytes)} used, {Amount.Bytes(server.CommittedBytes)} committed, "
            + $"{Amount.Bytes(server.ResidentBytes)} resident, {spill}");
        if (server.LimitReason.Length > 0)
        {
            writer.WriteLine(
                $"its limit is below the {Amount.Bytes(server.ConfiguredLimitBytes)} configured: {server.LimitReason}");
        }
    }
}
