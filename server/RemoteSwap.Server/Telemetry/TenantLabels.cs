using System.Collections.Frozen;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// Under which label the figures of a tenant appear: its name, <see cref="Other"/>, or none. Labels are numbered, so
/// that whoever counts keeps an array of cells.
/// <para>
/// With <see cref="TenantTag.Top"/> a tenant that comes to the top gets its name then, and keeps it: a series that
/// began goes on, and names are never more than what one metric can have.
/// </para>
/// <para>Thread-safe: one ranks at a time; reading takes no lock.</para>
/// </summary>
internal sealed class TenantLabels
{
    /// <summary>Name of the tag.</summary>
    public const string TagName = "remoteswap.tenant";

    /// <summary>The label of all tenants that are not named.</summary>
    public const string Other = "other";

    /// <summary>The label of whatever is no tenant's, and of all of them where none is named: no tag.</summary>
    public const int Untagged = 0;

    /// <summary>The label <see cref="Other"/>, where there is one.</summary>
    public const int Rest = 1;

    private readonly FrozenDictionary<string, int> _tenants;
    private readonly int[] _labels;
    private readonly string?[] _names;
    private readonly int _top;
    private int _count = 1;

    /// <summary>Creates the labels.</summary>
    /// <param name="tag">Which tenants are named.</param>
    /// <param name="top">With Top: how many.</param>
    /// <param name="most">With Top: how many in all, over time.</param>
    /// <param name="tenants">The names of the tenants.</param>
    public TenantLabels(TenantTag tag, int top, int most, IEnumerable<string> tenants)
    {
        string[] names = [.. tenants];
        _tenants = names.Select((name, number) => KeyValuePair.Create(name, number))
            .ToFrozenDictionary(StringComparer.Ordinal);
        _labels = new int[names.Length];
        _top = tag == TenantTag.Top ? top : 0;
        _names = new string?[1 + (tag == TenantTag.Top ? 1 + Math.Min(most, names.Length) : names.Length)];
        switch (tag)
        {
            case TenantTag.All:
                names.CopyTo(_names, 1);
                _count += names.Length;
                _labels = [.. Enumerable.Range(1, names.Length)];
                break;
            case TenantTag.Top:
                _names[_count++] = Other;
                _labels.AsSpan().Fill(Rest);
                break;
            default:
                break;
        }
    }

    /// <summary>Every tenant of the server by itself.</summary>
    public static TenantLabels Every(params IEnumerable<string> tenants) => new(TenantTag.All, 0, 0, tenants);

    /// <summary>How many labels there are, <see cref="Untagged"/> included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many there can be.</summary>
    public int Capacity => _names.Length;

    /// <summary>Whether no tenant has a tag.</summary>
    public bool AreNone => _count == 1;

    /// <summary>The name of a label; null: no tag.</summary>
    public string? NameOf(int label) => _names[label];

    /// <summary>The label of a tenant; of a name that is no tenant's: <see cref="Untagged"/>.</summary>
    public int Of(string? tenant) =>
        tenant is not null && _tenants.TryGetValue(tenant, out int number)
            ? Volatile.Read(ref _labels[number])
            : Untagged;

    /// <summary>With <see cref="TenantTag.Top"/>: names the tenants that are at the top now.</summary>
    /// <param name="tenants">All tenants and the memory that they use.</param>
    /// <returns>Those that were not named before.</returns>
    public IReadOnlyList<string> Rank(IEnumerable<(string Tenant, long UsedBytes)> tenants)
    {
        if (_top == 0)
        {
            return [];
        }

        List<string> named = [];
        foreach ((string tenant, _) in tenants
            .Where(tenant => tenant.UsedBytes > 0)
            .OrderByDescending(tenant => tenant.UsedBytes)
            .ThenBy(tenant => tenant.Tenant, StringComparer.Ordinal)
            .Take(_top))
        {
            ref int label = ref _labels[_tenants[tenant]];
            if (label == Rest && _count < _names.Length)
            {
                _names[_count] = tenant;
                Volatile.Write(ref label, _count);
                Volatile.Write(ref _count, _count + 1);
                named.Add(tenant);
            }
        }

        return named;
    }
}
