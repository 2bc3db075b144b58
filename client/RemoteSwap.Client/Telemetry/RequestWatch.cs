using System.Diagnostics;
using RemoteSwap.Client.Messages;
using RemoteSwap.Wire;

namespace RemoteSwap.Client.Telemetry;

/// <summary>
/// Measures one request from its begin to its end, and traces it where somebody listens. A part of the request, used
/// again with it: in steady state it makes no garbage, and while nobody listens it only looks whether somebody does.
/// <para>
/// A request is measured once, by whoever ends it first; what comes after that (a reply to a request that was given up)
/// is not measured. Locks: none; the end is one exchange of the state, because the sweep for deadlines may give a
/// request up while it is being sent. It may run inside a lane's lock, so who listens must not wait.
/// </para>
/// </summary>
internal sealed class RequestWatch(ClientMeter meter, OperationKind kind)
{
    private const int Closed = 0;
    private const int Open = 1;
    private const int InFlight = 2;
    private const int InFlightUncounted = 3;

    private readonly OperationTags _tags = OperationTags.Of(kind);
    private RequestSpan? _spare;
    private RequestSpan? _span;
    private long _began;
    private long _replied;
    private int _state;
    private bool _wasSent;

    /// <summary>The span, if it was started and is recorded.</summary>
    public Activity? Activity => _span?.Activity;

    /// <summary>A request begins; nobody else knows of it yet.</summary>
    /// <param name="name">Whose pages; null: there is no span of it.</param>
    public void Begin(AreaName? name)
    {
        _began = meter.Duration.Enabled ? Stopwatch.GetTimestamp() : 0;
        _replied = 0;
        _wasSent = false;
        _span = name is not null && RequestSpan.HasListeners ? _spare ??= new RequestSpan() : null;
        _span?.Begin(name!);
    }

    /// <summary>One more call is in the request; on the caller's thread, before the request is queued.</summary>
    public void Join() => _span?.Join();

    /// <summary>The message is complete, and the request is about to be queued.</summary>
    public void Queue()
    {
        Volatile.Write(ref _state, Open);
        _span?.Encoded();
    }

    /// <summary>The request is about to be written, perhaps anew.</summary>
    /// <param name="pages">Its pages.</param>
    public void Send(int pages)
    {
        if (_wasSent)
        {
            meter.Resends.Add(1);
            return;
        }

        _wasSent = true;
        _span?.Start(_tags.SpanName, pages, meter.StartsTraces);
        bool isCounted = meter.InFlight.Enabled;
        int sent = isCounted ? InFlight : InFlightUncounted;
        if (Interlocked.CompareExchange(ref _state, sent, Open) == Open && isCounted)
        {
            meter.InFlight.Add(1);
        }
    }

    /// <summary>Puts the context of a span that is recorded where it is sent from.</summary>
    /// <param name="room">Room for <see cref="TraceContext.Bytes"/>.</param>
    /// <returns>How many bytes there are: all or none.</returns>
    public int WriteContext(Span<byte> room)
    {
        RequestSpan? span = _span;
        if (span?.Activity is not { Recorded: true } activity)
        {
            return 0;
        }

        span.Wired();
        return TraceContext.Write(activity, room);
    }

    /// <summary>The reply is here.</summary>
    public void Reply()
    {
        _replied = _began == 0 ? 0 : Stopwatch.GetTimestamp();
        _span?.Replied();
    }

    /// <summary>The request has an answer.</summary>
    /// <param name="counts">What became of its pages.</param>
    /// <param name="pages">Its pages.</param>
    /// <param name="ofNone">The outcome where it has no pages.</param>
    public void End(in OutcomeCounts counts, int pages, int ofNone = 1)
    {
        if (!TryClose() || (_span is null && !meter.IsEnabled))
        {
            return;
        }

        int single = counts.Single(ofNone);
        KeyValuePair<string, object?> outcome = single < 0 ? OperationTags.OfSeveral : _tags.OfPages(single);
        Record(outcome, pages);
        for (int i = 0; i < OutcomeCounts.Length && meter.Pages.Enabled; i++)
        {
            if (counts[i] > 0)
            {
                meter.Pages.Add(counts[i], _tags.Operation, _tags.OfPages(i));
            }
        }

        EndSpan(outcome, failure: null, pages);
    }

    /// <summary>The request failed as a whole, or was given up.</summary>
    /// <param name="failure">One of the constants of <see cref="OperationTags"/>.</param>
    /// <param name="pages">Its pages.</param>
    public void End(string failure, int pages)
    {
        if (!TryClose())
        {
            return;
        }

        KeyValuePair<string, object?> outcome = OperationTags.OfOutcome(failure);
        Record(outcome, pages);
        if (pages > 0)
        {
            meter.Pages.Add(pages, _tags.Operation, outcome);
        }

        EndSpan(outcome, failure, pages);
    }

    private bool TryClose()
    {
        int state = Interlocked.Exchange(ref _state, Closed);
        if (state == InFlight)
        {
            meter.InFlight.Add(-1);
        }

        return state != Closed;
    }

    private void Record(KeyValuePair<string, object?> outcome, int pages)
    {
        if (_began != 0)
        {
            long end = _replied != 0 ? _replied : Stopwatch.GetTimestamp();
            using SpanScope scope = new(Activity);
            meter.Duration.Record(Stopwatch.GetElapsedTime(_began, end).TotalSeconds, _tags.Operation, outcome);
        }

        if (pages > 0)
        {
            meter.BatchSize.Record(pages, _tags.Operation);
        }
    }

    private void EndSpan(KeyValuePair<string, object?> outcome, string? failure, int pages)
    {
        RequestSpan? span = _span;
        _span = null;
        if (span is null)
        {
            return;
        }

        // One that was never sent is worth a span all the more.
        if (failure is not null)
        {
            span.Start(_tags.SpanName, pages, meter.StartsTraces);
        }

        span.End(outcome, failure);
    }
}
