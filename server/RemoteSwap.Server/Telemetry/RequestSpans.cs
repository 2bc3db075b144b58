using System.Diagnostics;
using RemoteSwap.Store;
using RemoteSwap.Wire;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// Spans of requests: at most one a request, never one a page. None is begun, and nothing allocated, where nobody
/// listens, where the sender's trace is not sampled, or where the sender said nothing and the draw is against it.
/// <para>
/// A span is current only while it is begun and ended: a stream's requests follow each other, and the next one must not
/// become a child of the last.
/// </para>
/// </summary>
/// <param name="ratio">Of streamed requests without a context: the share that is traced, 0 to 1.</param>
internal sealed class RequestSpans(double ratio) : IDisposable
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "RemoteSwap";

    /// <summary>How the names of spans begin.</summary>
    public const string NamePrefix = "remoteswap.";

    private const string Seconds = "remoteswap.seconds";

    private readonly ActivitySource _source = new(SourceName);

    /// <summary>Begins a span, where one is wanted.</summary>
    public Activity? Begin(string name, in SpanParent parent)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        Activity? before = Activity.Current;
        Activity? span;
        if (!parent.IsStreamed)
        {
            span = _source.StartActivity(name, ActivityKind.Server);
        }
        else if (TraceContext.TryRead(parent.Context, out bool isSampled, out ActivityContext context))
        {
            span = isSampled ? _source.StartActivity(name, ActivityKind.Server, context) : null;
        }
        else
        {
            span = Random.Shared.NextDouble() < ratio ? BeginTrace(name) : null;
        }

        if (span is not null)
        {
            Activity.Current = before;
        }

        return span;
    }

    /// <summary>The message has been read.</summary>
    public static void NoteRead(Activity? span, long bytes, int pages)
    {
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("remoteswap.pages", pages);
            span.AddEvent(new ActivityEvent("wire", tags: new ActivityTagsCollection { ["remoteswap.bytes"] = bytes }));
        }
    }

    /// <summary>The store has done its part.</summary>
    public static void NoteStages(Activity? span, StageClock? clock)
    {
        if (span is not { IsAllDataRequested: true } || clock is null)
        {
            return;
        }

        Note(span, "lock", clock.Lock);
        Note(span, "copy", clock.Copy);
        if (clock.Spill > TimeSpan.Zero)
        {
            Note(span, "spill", clock.Spill);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private static void Note(Activity span, string name, TimeSpan time) => span.AddEvent(
        new ActivityEvent(name, tags: new ActivityTagsCollection { [Seconds] = time.TotalSeconds }));

    // Without a parent: neither the stream's own span nor whatever else is current.
    private Activity? BeginTrace(string name)
    {
        Activity? before = Activity.Current;
        Activity.Current = null;
        Activity? span = _source.StartActivity(name, ActivityKind.Server);
        Activity.Current = before;
        return span;
    }
}
