using RemoteSwap.Store;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// The figures that appear under one label: of one tenant, or of several added up.
/// <para>
/// A counter never falls. So what a tenant had counted when it got a name of its own stays with the label that it was
/// counted under, and its own series begins at zero then.
/// </para>
/// </summary>
/// <param name="label">The label; null: no tag.</param>
internal sealed class TenantGroup(string? label)
{
    private readonly List<TenantStatistics> _members = [];
    private readonly List<TenantStatistics> _left = [];
    private readonly List<TenantStatistics> _before = [];

    /// <summary>The tag; none: figures of all tenants.</summary>
    public KeyValuePair<string, object?>[] Tags { get; } =
        label is null ? [] : [new(TenantLabels.TagName, label)];

    /// <summary>Adds a tenant.</summary>
    /// <param name="now">Its figures.</param>
    /// <param name="before">Its figures when it came here; null: it has always been here.</param>
    public void Add(TenantStatistics now, TenantStatistics? before)
    {
        _members.Add(now);
        if (before is not null)
        {
            _before.Add(before);
        }
    }

    /// <summary>Adds what a tenant had counted here when it left.</summary>
    public void AddFormer(TenantStatistics then) => _left.Add(then);

    /// <summary>A counter.</summary>
    public long Count(Func<TenantStatistics, long> figure) =>
        _members.Sum(figure) + _left.Sum(figure) - _before.Sum(figure);

    /// <summary>A figure of now.</summary>
    public long Sum(Func<TenantStatistics, long> figure) => _members.Sum(figure);

    /// <summary>One figure of now for each of another; 0 where there is none of that.</summary>
    public double Ratio(Func<TenantStatistics, long> figure, Func<TenantStatistics, long> of)
    {
        long divisor = Sum(of);
        return divisor == 0 ? 0 : (double)Sum(figure) / divisor;
    }
}
