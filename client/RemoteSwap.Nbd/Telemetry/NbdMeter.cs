using System.Diagnostics.Metrics;

namespace RemoteSwap.Nbd.Telemetry;

/// <summary>
/// The instruments of the library: all of them are made here. One for each factory of meters, or one for the process
/// where there is none: instruments of one name on several meters would end each other in an exporter.
/// </summary>
internal sealed class NbdMeter
{
    private static readonly Lazy<NbdMeter> s_shared = new(() => new NbdMeter(new Meter(NbdTelemetry.MeterName)));

    // The defaults begin at 5 ms.
    private static readonly InstrumentAdvice<double> s_microseconds = new()
    {
        HistogramBucketBoundaries =
        [
            1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1,
            2, 5, 10, 60,
        ],
    };

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">Where; the caller's.</param>
    internal NbdMeter(Meter meter)
    {
        Duration = meter.CreateHistogram(
            "remoteswap.nbd.request.duration",
            "s",
            "Time of a request from its header to its reply, before that is sent.",
            advice: s_microseconds);
        Bytes = meter.CreateCounter<long>("remoteswap.nbd.io", "By", "Bytes of reads and writes that succeeded.");
        Connections = meter.CreateUpDownCounter<long>(
            "remoteswap.nbd.connection.count", "{connection}", "Clients that are connected.");
        InFlight = meter.CreateUpDownCounter<long>(
            "remoteswap.nbd.in_flight", "{request}", "Requests whose reply has not been sent.");
    }

    /// <summary>Time of requests.</summary>
    public Histogram<double> Duration { get; }

    /// <summary>Bytes read and written.</summary>
    public Counter<long> Bytes { get; }

    /// <summary>Clients.</summary>
    public UpDownCounter<long> Connections { get; }

    /// <summary>Requests under way.</summary>
    public UpDownCounter<long> InFlight { get; }

    /// <summary>The instruments of a factory; null: those of the process.</summary>
    public static NbdMeter Of(IMeterFactory? factory) =>
        factory is null ? s_shared.Value : new NbdMeter(factory.Create(NbdTelemetry.MeterName));
}
