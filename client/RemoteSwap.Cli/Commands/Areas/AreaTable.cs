using RemoteSwap.Cli.Output;
using RemoteSwap.Units;

namespace RemoteSwap.Cli.Commands.Areas;

/// <summary>Areas for a person.</summary>
internal static class AreaTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(IEnumerable<AreaRow> areas, TextWriter writer)
    {
        TextTable table = new(4, "TENANT", "AREA", "STATE", "HOLDER", "SILENT", "FREED-IN", "PAGES", "EPOCH");
        foreach (AreaRow area in areas)
        {
            table.Add(
                area.Tenant,
                Amount.Count(area.Area),
                area.State,
                area.Holder.Length > 0 ? area.Holder : Amount.None,
                DurationText.Format(area.SilentFor),
                area.FreedInMs is { } left ? DurationText.Format(TimeSpan.FromMilliseconds(left)) : Amount.None,
                Amount.Count(area.Pages),
                Amount.Count(area.Epoch));
        }

        table.Write(writer);
    }
}
