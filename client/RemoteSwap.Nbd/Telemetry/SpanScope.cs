using System.Diagnostics;

namespace RemoteSwap.Nbd.Telemetry;

/// <summary>
/// Makes a span the current one for a moment: what is begun meanwhile is a part of it and flows with it, and what is
/// measured meanwhile can refer to it. Without a span it does nothing.
/// </summary>
internal readonly ref struct SpanScope
{
    private readonly Activity? _outer;
    private readonly bool _isSet;

    /// <summary>Begins.</summary>
    /// <param name="span">The span; null: there is none.</param>
    public SpanScope(Activity? span)
    {
        if (span is not null)
        {
            _outer = Activity.Current;
            _isSet = true;
            Activity.Current = span;
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
