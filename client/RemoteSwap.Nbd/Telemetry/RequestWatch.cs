using System.Diagnostics;
using RemoteSwap.Nbd.Transmission;

namespace RemoteSwap.Nbd.Telemetry;

/// <summary>
/// Measures and traces one request; a part of it, and used again with it. Who has the request has this, so it needs no
/// lock.
/// </summary>
internal sealed class RequestWatch(ExportMeasures measures)
{
    private long _began;
    private bool _isCounted;

    /// <summary>The request's span; null: there is none.</summary>
    public Activity? Span { get; private set; }

    /// <summary>A request has come.</summary>
    /// <param name="header">It.</param>
    /// <param name="began">What <see cref="ExportMeasures.Now"/> was when its header was there.</param>
    public void Begin(in RequestHeader header, long began)
    {
        _began = began;
        _isCounted = measures.Begins();
        Span = measures.StartSpan(header);
    }

    /// <summary>The request is answered.</summary>
    public void Answer(in RequestHeader header, NbdResult result)
    {
        Activity? span = Span;
        using SpanScope scope = new(span);
        measures.Answered(header, result.Error, _began);
        if (span is not null)
        {
            EndSpan(span, result);
        }
    }

    /// <summary>The request is over, answered or not.</summary>
    public void End()
    {
        if (_isCounted)
        {
            _isCounted = false;
            measures.Ends();
        }

        if (Span is { } span)
        {
            using SpanScope scope = new(span);
            EndSpan(span, new NbdResult(NbdError.InputOutput, "the connection was cut before the reply"));
        }
    }

    // Its end makes another span current; the caller's scope sets that right.
    private void EndSpan(Activity span, NbdResult result)
    {
        Span = null;
        if (!result.IsSuccess)
        {
            span.SetTag("error.type", RequestTags.NameOf(result.Error));
            span.SetStatus(ActivityStatusCode.Error, result.Message);
        }

        span.Stop();
    }
}
