using System.Diagnostics;

namespace RemoteSwap.Client.Telemetry;

/// <summary>
/// Makes a span the current one for a moment, so that a measurement taken meanwhile can refer to it: replies are
/// received by threads that carry no span. Without a span it does nothing.
/// </summary>
internal readonly ref struct SpanScope
{
    private readonly Activity? _outer;
    private readonly bool _isSet;

    /// <summary>Begins.</summary>
    /// <param name="activity">The span; null: there is none.</param>
    public SpanScope(Activity? activity)
    {
        if (activity is not null)
        {
            _outer = Activity.Current;
            _isSet = true;
            Activity.Current = activity;
        }
    }

    /// <summary>Puts back what was current.</summary>
    public void Dispose()
    {
        if (_isSet)
        {
            Activity.Current = _outer;
        }
    }
}
