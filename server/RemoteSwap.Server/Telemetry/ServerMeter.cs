using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// Metrics and spans of calls: one measurement and at most one span a call, never a page. Bucket boundaries suit
/// microseconds; the defaults begin at 5 ms.
/// </summary>
internal sealed class ServerMeter : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "RemoteSwap.Server";

    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "RemoteSwap";

    private static readonly InstrumentAdvice<double> s_microseconds = new()
    {
        HistogramBucketBoundaries =
        [
            1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1,
        ],
    };

    private readonly ActivitySource _source = new(SourceName);
    private readonly Histogram<double> _store;
    private readonly Histogram<double> _load;
    private readonly Histogram<double> _invalidate;

    public ServerMeter(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _store = meter.CreateHistogram(
            "remoteswap.store.duration", "s", "Time of a Store call in the server.", advice: s_microseconds);
        _load = meter.CreateHistogram(
            "remoteswap.load.duration", "s", "Time of a Load call in the server.", advice: s_microseconds);
        _invalidate = meter.CreateHistogram(
            "remoteswap.invalidate.duration", "s", "Time of an Invalidate call in the server.", advice: s_microseconds);
    }

    public CallTiming BeginStore(int pages) => new(_store, Begin("remoteswap.store", pages));

    public CallTiming BeginLoad(int pages) => new(_load, Begin("remoteswap.load", pages));

    public CallTiming BeginInvalidate(int pages) => new(_invalidate, Begin("remoteswap.invalidate", pages));

    public void Dispose() => _source.Dispose();

    private Activity? Begin(string name, int pages) =>
        _source.HasListeners() ? _source.StartActivity(name)?.SetTag("remoteswap.pages", pages) : null;
}
