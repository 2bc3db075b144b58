using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// What is measured of one operation: the time of each call and what became of its pages, by tenant and outcome; and
/// its span, where it is traced. One measurement a call and one addition an outcome, never one a page; no lock, no
/// garbage.
/// </summary>
internal sealed class OperationMeter
{
    private readonly string _name;
    private readonly string _span;
    private readonly string[] _outcomes;
    private readonly Histogram<double> _duration;
    private readonly TenantLabels _labels;
    private readonly RequestSpans _spans;
    private readonly OutcomeCells?[] _cells;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meter">Where they belong.</param>
    /// <param name="name">The operation, as in tags: store.</param>
    /// <param name="outcomes">The names of its outcomes.</param>
    /// <param name="labels">Under which labels tenants appear.</param>
    /// <param name="spans">Where spans come from.</param>
    public OperationMeter(
        Meter meter, string name, string[] outcomes, TenantLabels labels, RequestSpans spans)
    {
        _name = name;
        _span = RequestSpans.NamePrefix + name;
        _outcomes = outcomes;
        _labels = labels;
        _spans = spans;
        _cells = new OutcomeCells?[labels.Capacity];
        _duration = meter.CreateHistogram(
            $"remoteswap.{name}.duration",
            "s",
            $"Time of one {char.ToUpperInvariant(name[0])}{name[1..]} in the server, by its pages' one outcome, or "
            + "mixed, or refused as a whole.",
            advice: Buckets.Microseconds);
    }

    /// <summary>A call begins.</summary>
    public CallTiming Begin(in SpanParent parent) =>
        new(_duration.Enabled ? Stopwatch.GetTimestamp() : 0, _spans.Begin(_span, in parent));

    /// <summary>A call has ended.</summary>
    /// <param name="timing">The call.</param>
    /// <param name="tenant">The tenant's name; null: the call named none that there is.</param>
    /// <param name="tally">What became of its pages.</param>
    public void End(in CallTiming timing, string? tenant, in OutcomeTally tally)
    {
        OutcomeCells cells = CellsOf(_labels.Of(tenant));
        cells.Add(in tally);
        ReadOnlySpan<KeyValuePair<string, object?>> tags = cells.TagsOf(in tally);
        if (timing.Span is { } span)
        {
            EndTraced(span, timing.Start, tenant, tags);
        }
        else if (timing.Start != 0)
        {
            _duration.Record(Stopwatch.GetElapsedTime(timing.Start).TotalSeconds, tags);
        }
    }

    /// <summary>Pages by tenant and outcome since the start.</summary>
    public IEnumerable<Measurement<long>> Measure()
    {
        for (int label = _labels.AreNone ? 0 : 1; label < _labels.Count; label++)
        {
            foreach (Measurement<long> pages in CellsOf(label).Measure())
            {
                yield return pages;
            }
        }
    }

    private OutcomeCells CellsOf(int label) => Volatile.Read(ref _cells[label]) ?? AddCells(label);

    private OutcomeCells AddCells(int label)
    {
        OutcomeCells cells = new(_labels.NameOf(label), _name, _outcomes);
        return Interlocked.CompareExchange(ref _cells[label], cells, comparand: null) ?? cells;
    }

    // Current while it is measured, so that the measurement can name its trace.
    private void EndTraced(
        Activity span, long start, string? tenant, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Activity? before = Activity.Current;
        Activity.Current = span;
        if (start != 0)
        {
            _duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
        }

        if (span.IsAllDataRequested)
        {
            span.SetTag(TenantLabels.TagName, tenant);
            span.SetTag("outcome", tags[^1].Value);
        }

        span.Stop();
        Activity.Current = before;
    }
}
