namespace RemoteSwap.Cli.Commands.Top;

/// <summary>By what tenants are sorted; names in alphabetical order, figures the most first.</summary>
internal sealed class TopOrder
{
    private static readonly (string Name, Func<TopTenant, double> Figure)[] s_orders =
    [
        ("used", one => one.UsedBytes),
        ("limit", one => one.LimitBytes),
        ("pages", one => one.Pages),
        ("density", one => one.Density),
        ("ratio", one => one.Ratio ?? 0),
        ("stores", one => one.StoresPerSecond),
        ("loads", one => one.LoadsPerSecond),
        ("refused", one => one.Refused),
        ("reclaimed", one => one.ReclaimedFrames),
        ("spilled", one => one.SpilledPages),
        ("tenant", _ => 0),
    ];

    private readonly int _order;

    private TopOrder(int order) => _order = order;

    /// <summary>The names, as the option takes them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_orders.Select(order => order.Name)];

    /// <summary>By memory.</summary>
    public static TopOrder Default { get; } = new(0);

    /// <summary>The name.</summary>
    public string Name => s_orders[_order].Name;

    /// <summary>The next one, around.</summary>
    public TopOrder Next => new((_order + 1) % s_orders.Length);

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string text, out TopOrder order)
    {
        int found = Array.FindIndex(s_orders, one => one.Name == text);
        order = new TopOrder(Math.Max(0, found));
        return found >= 0;
    }

    /// <summary>Sorts.</summary>
    public IReadOnlyList<TopTenant> Sort(IEnumerable<TopTenant> tenants) =>
    [
        .. tenants.OrderByDescending(s_orders[_order].Figure).ThenBy(one => one.Tenant, StringComparer.Ordinal),
    ];
}
