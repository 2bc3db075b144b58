using System.Globalization;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;

namespace RemoteSwap.Cli.Commands.Top;

/// <summary>The words of <c>top</c>, the same on a terminal and in a file.</summary>
internal static class TopWords
{
    /// <summary>The headings of the table; the first two columns stand to the left.</summary>
    public static IReadOnlyList<string> Headings { get; } =
    [
        "TENANT", "STATE", "USED", "LIMIT", "GUARANTEE", "PAGES", "DENSITY", "RATIO", "STORE/s", "LOAD/s", "REFUSED",
        "RECLAIMED", "SPILLED",
    ];

    /// <summary>The lines above the table.</summary>
    public static IReadOnlyList<string> Head(TopDocument top)
    {
        ulong corrupt = Sum(top, one => one.CorruptPages);
        return
        [
            $"server {ProductVersion.Short(top.Server.Version)} at {top.Address}: {top.State}, "
                + $"{(corrupt == 0 ? "nothing corrupt" : $"{Amount.Count(corrupt)} CORRUPT PAGES FOUND")}",
            top.Seconds == 0 ? "pages/s: after the next look" : Rates(top.Tenants),
            string.Create(
                CultureInfo.InvariantCulture,
                $"latency: p50 {top.Ping.P50Us:0} us, max {top.Ping.MaxUs:0} us of {top.Ping.Calls} empty calls of "
                    + $"this program, way included"),
        ];
    }

    /// <summary>A line that says how full something is, for a file.</summary>
    public static string Share(ulong used, ulong limit) => limit == 0
        ? "none"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Amount.Bytes(used)} of {Amount.Bytes(limit)}, {100.0 * used / limit:0.0}%");

    /// <summary>A row of the table.</summary>
    public static string[] Row(TopTenant one) =>
    [
        one.Tenant,
        one.State,
        Amount.Bytes(one.UsedBytes),
        Amount.Bytes(one.LimitBytes),
        one.GuaranteeBytes == 0 ? Amount.None : Amount.Bytes(one.GuaranteeBytes),
        Amount.Count(one.Pages),
        Amount.Ratio(one.Density == 0 ? null : one.Density),
        Amount.Ratio(one.Ratio),
        Rate(one.StoresPerSecond),
        Rate(one.LoadsPerSecond),
        Amount.Count(one.Refused),
        Amount.Count(one.ReclaimedFrames),
        Amount.Count(one.SpilledPages),
    ];

    /// <summary>Writes a look into a file or a pipe.</summary>
    public static void Write(TopDocument top, TextWriter writer)
    {
        foreach (string line in Head(top))
        {
            writer.WriteLine(line);
        }

        writer.WriteLine($"memory: {Share(top.Server.UsedBytes, top.Server.LimitBytes)}; "
            + $"spill file: {Share(top.Server.SpillUsedBytes, top.Server.SpillLimitBytes)}");
        if (top.Server.LimitReason.Length > 0)
        {
            writer.WriteLine($"the limit is lowered: {top.Server.LimitReason}");
        }

        writer.WriteLine();
        TextTable table = new(2, [.. Headings]);
        foreach (TopTenant one in top.Tenants)
        {
            table.Add(Row(one));
        }

        table.Write(writer);
    }

    private static string Rates(IReadOnlyList<TopTenant> tenants) =>
        $"pages/s: store {Rate(tenants.Sum(one => one.StoresPerSecond))}, "
        + $"load {Rate(tenants.Sum(one => one.LoadsPerSecond))}, "
        + $"invalidate {Rate(tenants.Sum(one => one.InvalidationsPerSecond))}, "
        + $"refused {Rate(tenants.Sum(one => one.RefusedPerSecond))}; "
        + $"frames/s reclaimed {Rate(tenants.Sum(one => one.ReclaimedFramesPerSecond))}";

    private static string Rate(double perSecond) => perSecond.ToString("0", CultureInfo.InvariantCulture);

    private static ulong Sum(TopDocument top, Func<TopTenant, ulong> figure) =>
        top.Tenants.Aggregate(0UL, (sum, one) => sum + figure(one));
}
