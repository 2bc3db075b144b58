using System.Diagnostics.Metrics;

namespace RemoteSwap.Server.Management;

/// <summary>
/// Listens to the histograms of call times while somebody looks at the console, and counts their times in finer
/// buckets. The first look begins it; when nobody has looked for <see cref="Unwatched"/>, it ends, and calls cost what
/// they did before.
/// </summary>
internal sealed class LatencyWatch : IDisposable
{
    /// <summary>After so long without a look nobody is looking.</summary>
    public static readonly TimeSpan Unwatched = TimeSpan.FromSeconds(10);

    private static readonly (string Instrument, string Operation)[] s_watched =
    [
        ("remoteswap.store.duration", "store"),
        ("remoteswap.load.duration", "load"),
        ("remoteswap.invalidate.duration", "invalidate"),
    ];

    private readonly IMeterFactory _meters;
    private readonly ITimer _end;
    private readonly Lock _gate = new();
    private Dictionary<string, LatencyBuckets> _buckets = Empty();
    private MeterListener? _listener;
    private long _watch;
    private bool _isDisposed;

    /// <summary>Does not listen yet.</summary>
    /// <param name="meters">Whose histograms; another server of this process has others.</param>
    /// <param name="time">The clock.</param>
    public LatencyWatch(IMeterFactory meters, TimeProvider time)
    {
        _meters = meters;
        _end = time.CreateTimer(_ => End(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it listens.</summary>
    public bool IsWatching => Volatile.Read(ref _listener) is not null;

    /// <summary>The times since the watch began, which it does with the first look.</summary>
    public ConsoleLatency Look()
    {
        lock (_gate)
        {
            if (_listener is null && !_isDisposed)
            {
                Begin();
            }

            _end.Change(Unwatched, Timeout.InfiniteTimeSpan);
            return new ConsoleLatency(
                _watch, [.. s_watched.Select(one => Of(one.Operation, _buckets[one.Instrument]))]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        End();
        _end.Dispose();
    }

    private static Dictionary<string, LatencyBuckets> Empty() =>
        s_watched.ToDictionary(one => one.Instrument, _ => new LatencyBuckets(), StringComparer.Ordinal);

    private static ConsoleLatency.Operation Of(string operation, LatencyBuckets buckets)
    {
        List<long[]> read = buckets.Read();
        return new ConsoleLatency.Operation(operation, read.Sum(bucket => bucket[1]), read);
    }

    private void Begin()
    {
        _watch++;
        Dictionary<string, LatencyBuckets> buckets = Empty();
        MeterListener listener = new() { InstrumentPublished = (instrument, to) => Publish(instrument, to, buckets) };
        listener.SetMeasurementEventCallback<double>(
            static (_, seconds, _, buckets) => ((LatencyBuckets)buckets!).Add(seconds));
        listener.Start();
        _listener = listener;
        _buckets = buckets;
    }

    private void Publish(Instrument instrument, MeterListener listener, Dictionary<string, LatencyBuckets> buckets)
    {
        if (ReferenceEquals(instrument.Meter.Scope, _meters)
            && buckets.TryGetValue(instrument.Name, out LatencyBuckets? counted))
        {
            listener.EnableMeasurementEvents(instrument, counted);
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }
}
