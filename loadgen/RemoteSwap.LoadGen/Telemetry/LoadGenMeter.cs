using System.Diagnostics.Metrics;

namespace RemoteSwap.LoadGen.Telemetry;

/// <summary>The instruments of the load generator: all of them are made here.</summary>
internal sealed class LoadGenMeter
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "RemoteSwap.LoadGen";

    // The defaults begin at 5 ms.
    private static readonly InstrumentAdvice<double> s_microseconds = new()
    {
        HistogramBucketBoundaries =
        [
            1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1,
            2, 5, 10, 60,
        ],
    };

    private readonly Histogram<double> _duration;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">Where; the caller's.</param>
    public LoadGenMeter(Meter meter) => _duration = meter.CreateHistogram(
        "remoteswap.loadgen.operation.duration",
        "s",
        "Time of a call from its intended start to its answer.",
        advice: s_microseconds);

    /// <summary>The instruments of the process.</summary>
    public static LoadGenMeter Shared { get; } = new(new Meter(Name));

    /// <summary>A call has ended.</summary>
    /// <param name="operation">What it was: store, load, ping, invalidate.</param>
    /// <param name="outcome">How: answered, refused (some of its pages were), failed.</param>
    /// <param name="elapsed">The time since its intended start.</param>
    public void Ended(string operation, string outcome, TimeSpan elapsed) =>
        _duration.Record(elapsed.TotalSeconds, new("operation", operation), new("outcome", outcome));
}
