using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RemoteSwap.Server.Telemetry;

/// <summary>A call that is being timed, for a histogram and, where it is traced, a span.</summary>
/// <param name="Start">When it began, in ticks of the stopwatch; 0: nobody wants its time.</param>
/// <param name="Span">Its span; null: it is not traced.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallTiming(long Start, Activity? Span)
{
    /// <summary>Whether somebody sees where the call's time went.</summary>
    public bool IsRecorded => Span is { IsAllDataRequested: true };

    /// <summary>The same call, whose work begins only now: it has waited for its client.</summary>
    public CallTiming Again() => Start == 0 ? this : this with { Start = Stopwatch.GetTimestamp() };
}
