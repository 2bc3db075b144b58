using RemoteSwap.Store;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// Figures of tenants by label, taken once for all instruments of one collection. Taking them also looks which tenants
/// are at the top.
/// <para>Lock: <c>_gate</c>; shards' locks are taken inside it, one at a time.</para>
/// </summary>
internal sealed class TenantGroups(PageStore store, TenantLabels labels, TimeProvider time)
{
    private static readonly TimeSpan s_shared = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TenantStatistics> _before = new(StringComparer.Ordinal);
    private TenantGroup[] _groups = [];
    private long _taken;

    /// <summary>The figures of now, at most a tenth of a second old.</summary>
    public IReadOnlyList<TenantGroup> Now()
    {
        lock (_gate)
        {
            if (_groups.Length == 0 || time.GetElapsedTime(_taken) > s_shared)
            {
                _groups = Take(isFirst: _groups.Length == 0);
                _taken = time.GetTimestamp();
            }

            return _groups;
        }
    }

    private TenantGroup[] Take(bool isFirst)
    {
        TenantStatistics[] figures = [.. store.Tenants.Select(tenant => new TenantStatistics(tenant))];
        HashSet<string> named = [.. labels.Rank(figures.Select(tenant => (tenant.Tenant, tenant.UsedBytes)))];
        foreach (TenantStatistics tenant in figures.Where(tenant => !isFirst && named.Contains(tenant.Tenant)))
        {
            _before.Add(tenant.Tenant, tenant);
        }

        TenantGroup[] groups =
            [.. Enumerable.Range(0, labels.Count).Select(label => new TenantGroup(labels.NameOf(label)))];
        foreach (TenantStatistics tenant in figures)
        {
            TenantStatistics? before = _before.GetValueOrDefault(tenant.Tenant);
            groups[labels.Of(tenant.Tenant)].Add(tenant, before);
            if (before is not null)
            {
                groups[TenantLabels.Rest].AddFormer(before);
            }
        }

        return labels.AreNone ? groups : groups[1..];
    }
}
