namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>What a receiver of OTLP has been sent. Metrics: the newest of each; traces and logs: all.</summary>
internal sealed class ReceivedTelemetry(bool keepsTraces)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ReceivedMetric> _metrics = new(StringComparer.Ordinal);
    private readonly List<ReceivedSpan> _spans = [];
    private readonly List<ReceivedLog> _logs = [];

    /// <summary>The newest of each metric of each process.</summary>
    public IReadOnlyList<ReceivedMetric> Metrics => Copy(() => (ReceivedMetric[])[.. _metrics.Values]);

    public IReadOnlyList<ReceivedSpan> Spans => Copy(() => (ReceivedSpan[])[.. _spans]);

    public IReadOnlyList<ReceivedLog> Logs => Copy(() => (ReceivedLog[])[.. _logs]);

    public void Take(MetricsRequest request)
    {
        lock (_gate)
        {
            foreach (ReceivedMetric metric in
                from one in request.ResourceMetrics
                from scope in one.ScopeMetrics
                from metric in scope.Metrics
                select new ReceivedMetric(Service.Of(one.Resource), scope.Scope.Name, metric))
            {
                _metrics[$"{metric.Service.Instance}/{metric.Scope}/{metric.Metric.Name}"] = metric;
            }
        }
    }

    public void Take(TraceRequest request)
    {
        if (!keepsTraces)
        {
            return;
        }

        lock (_gate)
        {
            _spans.AddRange(
                from one in request.ResourceSpans
                from scope in one.ScopeSpans
                from span in scope.Spans
                select new ReceivedSpan(Service.Of(one.Resource), scope.Scope.Name, span));
        }
    }

    public void Take(LogsRequest request)
    {
        lock (_gate)
        {
            _logs.AddRange(
                from one in request.ResourceLogs
                from scope in one.ScopeLogs
                from log in scope.Records
                select new ReceivedLog(Service.Of(one.Resource), scope.Scope.Name, log));
        }
    }

    private T Copy<T>(Func<T> copy)
    {
        lock (_gate)
        {
            return copy();
        }
    }
}
