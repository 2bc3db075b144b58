using System.Diagnostics.Metrics;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// What one operation counts under one tenant's label: pages by outcome, and the tags that go with each, made once.
/// <para>Thread-safe: a cell an outcome, added to once a call.</para>
/// </summary>
internal sealed class OutcomeCells
{
    private readonly long[] _pages;
    private readonly KeyValuePair<string, object?>[][] _pageTags;
    private readonly KeyValuePair<string, object?>[][] _callTags;

    /// <summary>Creates the cells.</summary>
    /// <param name="tenant">The label; null: no tag.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="outcomes">The names of its outcomes.</param>
    public OutcomeCells(string? tenant, string operation, IReadOnlyList<string> outcomes)
    {
        _pages = new long[outcomes.Count];
        KeyValuePair<string, object?>[] tenantTag =
            tenant is null ? [] : [new(TenantLabels.TagName, tenant)];
        _pageTags = [.. outcomes.Select<string, KeyValuePair<string, object?>[]>(
            outcome => [.. tenantTag, new("operation", operation), new("outcome", outcome)])];
        _callTags = [.. outcomes.Append(OutcomeNames.Mixed).Select<string, KeyValuePair<string, object?>[]>(
            outcome => [.. tenantTag, new("outcome", outcome)])];
    }

    /// <summary>The tags of a call.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> TagsOf(in OutcomeTally tally) =>
        _callTags[tally.IsMixed ? ^1 : tally.Only];

    /// <summary>Counts the pages of a call.</summary>
    public void Add(in OutcomeTally tally)
    {
        ReadOnlySpan<long> counts = tally.Counts;
        if (!tally.IsMixed)
        {
            if (!counts.IsEmpty)
            {
                Interlocked.Add(ref _pages[tally.Only], counts[tally.Only]);
            }

            return;
        }

        for (int outcome = 0; outcome < _pages.Length; outcome++)
        {
            if (counts[outcome] > 0)
            {
                Interlocked.Add(ref _pages[outcome], counts[outcome]);
            }
        }
    }

    /// <summary>Pages by outcome, also where there are none yet: a rate needs the zero it began with.</summary>
    public IEnumerable<Measurement<long>> Measure()
    {
        for (int outcome = OutcomeNames.Refused + 1; outcome < _pages.Length; outcome++)
        {
            yield return new Measurement<long>(Volatile.Read(ref _pages[outcome]), _pageTags[outcome]);
        }
    }
}
