using System.Diagnostics.Metrics;

namespace RemoteSwap.Client.Telemetry;

/// <summary>
/// The instruments of the library: all of them are made here. One for each factory of meters, or one for the process
/// where there is none: instruments of one name on several meters would end each other in an exporter.
/// </summary>
internal sealed class ClientMeter
{
    private static readonly Lazy<ClientMeter> s_shared =
        new(() => new ClientMeter(new Meter(ClientTelemetry.MeterName)));

    // The defaults begin at 5 ms.
    private static readonly InstrumentAdvice<double> s_microseconds = new()
    {
        HistogramBucketBoundaries =
        [
            1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1,
            2, 5, 10, 60,
        ],
    };

    private static readonly InstrumentAdvice<long> s_pages = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    };

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">Where; the caller's.</param>
    internal ClientMeter(Meter meter)
    {
        Duration = meter.CreateHistogram(
            "remoteswap.client.operation.duration",
            "s",
            "Time of a request from its begin to its reply, all attempts together; decoding is not in it.",
            advice: s_microseconds);
        Pages = meter.CreateCounter<long>(
            "remoteswap.client.pages", "{page}", "Pages of requests, by what became of them.");
        BatchSize = meter.CreateHistogram(
            "remoteswap.client.batch.size", "{page}", "Pages of a request.", advice: s_pages);
        InFlight = meter.CreateUpDownCounter<long>(
            "remoteswap.client.in_flight", "{request}", "Requests that were sent and have no reply yet.");
        Reconnects = meter.CreateCounter<long>(
            "remoteswap.client.reconnects",
            "{event}",
            "Streams that the server welcomed in place of one that had ended.");
        Resends = meter.CreateCounter<long>(
            "remoteswap.client.resends", "{request}", "Requests sent again after their stream had ended.");
    }

    /// <summary>Time of requests.</summary>
    public Histogram<double> Duration { get; }

    /// <summary>Pages by outcome.</summary>
    public Counter<long> Pages { get; }

    /// <summary>Pages of a request.</summary>
    public Histogram<long> BatchSize { get; }

    /// <summary>Requests without a reply.</summary>
    public UpDownCounter<long> InFlight { get; }

    /// <summary>Streams opened again.</summary>
    public Counter<long> Reconnects { get; }

    /// <summary>Requests sent again.</summary>
    public Counter<long> Resends { get; }

    /// <summary>The instruments of a factory; null: those of the process.</summary>
    public static ClientMeter Of(IMeterFactory? factory) =>
        factory is null ? s_shared.Value : new ClientMeter(factory.Create(ClientTelemetry.MeterName));
}
