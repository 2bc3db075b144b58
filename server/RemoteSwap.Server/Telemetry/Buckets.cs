using System.Diagnostics.Metrics;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// Bucket boundaries of latencies: 1, 2, 5 from a microsecond to a second. The defaults begin at 5 ms.
/// </summary>
internal static class Buckets
{
    public static InstrumentAdvice<double> Microseconds { get; } = new()
    {
        HistogramBucketBoundaries =
        [
            1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1,
        ],
    };
}
