using System.Collections.Concurrent;
using System.Diagnostics;

namespace RemoteSwap.Client.Tests.Telemetry;

/// <summary>Takes the spans of some sources. It takes those of every test, so none may run beside it.</summary>
internal sealed class SpanWatch : IDisposable
{
    private readonly ActivityListener _listener;

    /// <param name="sources">Names of the sources.</param>
    /// <param name="isRecorded">Which to record, by their parents; others are only passed on.</param>
    public SpanWatch(string[] sources, Func<ActivityContext, bool>? isRecorded = null)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                isRecorded?.Invoke(options.Parent) == false
                    ? ActivitySamplingResult.PropagationData
                    : ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Spans that have ended.</summary>
    public ConcurrentQueue<Activity> Ended { get; } = new();

    /// <summary>Those of a name.</summary>
    public Activity[] Of(string name) => [.. Ended.Where(span => span.OperationName == name)];

    public void Dispose() => _listener.Dispose();
}
