using System.Collections.Concurrent;
using System.Diagnostics;
using RemoteSwap.Server.Telemetry;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>All spans of servers in this process that have ended since.</summary>
internal sealed class SpanList : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public SpanList() => _listener = ListenTo(RequestSpans.SourceName, _ended.Enqueue);

    public IReadOnlyList<Activity> All => [.. _ended];

    /// <summary>Takes every span of a source.</summary>
    public static ActivityListener ListenTo(string source, Action<Activity> ended)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = any => any.Name == source,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    public IEnumerable<Activity> Of(ActivityTraceId trace) => _ended.Where(span => span.TraceId == trace);

    public void Dispose() => _listener.Dispose();
}
