using RemoteSwap.Cli.Output;

namespace RemoteSwap.Cli.Commands.Tenants;

/// <summary>Tenants for a person.</summary>
internal static class TenantTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(IEnumerable<TenantRow> tenants, TextWriter writer)
    {
        TextTable table = new(2, "TENANT", "STATE", "GUARANTEE", "LIMIT", "WEIGHT", "USED", "ACCEPT-AT", "PAGES");
        foreach (TenantRow tenant in tenants)
        {
            table.Add(
                tenant.Tenant,
                tenant.State,
                Amount.Bytes(tenant.GuaranteeBytes),
                Amount.Bytes(tenant.LimitBytes),
                $"{tenant.Weight}",
                Amount.Bytes(tenant.UsedBytes),
                $"{tenant.AcceptThresholdPercent}%",
                Amount.Count(tenant.Pages));
        }

        table.Write(writer);
    }
}
