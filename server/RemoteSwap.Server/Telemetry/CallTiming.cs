using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace RemoteSwap.Server.Telemetry;

/// <summary>Times one call from here to its disposal, for a histogram and, where somebody listens, a span.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct CallTiming(Histogram<double> duration, Activity? activity) : IDisposable
{
    private readonly long _start = duration.Enabled ? Stopwatch.GetTimestamp() : 0;

    public void Dispose()
    {
        if (_start != 0)
        {
            duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds);
        }

        activity?.Dispose();
    }
}
