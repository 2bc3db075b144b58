using System.Diagnostics.Metrics;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Telemetry;

/// <summary>How long reclaim and the spill file take: what the store tells of its work beside the calls.</summary>
internal sealed class WritebackMeter : IStoreWatch
{
    private readonly TenantLabels _labels;
    private readonly Histogram<double> _reclaim;
    private readonly Histogram<double> _write;
    private readonly Histogram<double> _read;
    private readonly string[] _results = [.. Enum.GetNames<StepResult>().Select(name => name.ToLowerInvariant())];
    private long _written;
    private long _readBytes;

    public WritebackMeter(IMeterFactory meters, TenantLabels labels)
    {
        _labels = labels;
        Meter meter = meters.Create(StoreMeter.MeterName);
        _reclaim = meter.CreateHistogram(
            "remoteswap.reclaim.duration",
            "s",
            "Time of one step of reclaim: up to 32 frames of one tenant.",
            advice: Buckets.Microseconds);
        _write = meter.CreateHistogram(
            "remoteswap.spill.write.duration",
            "s",
            "Time of writing the frames of a step to the spill file.",
            advice: Buckets.Microseconds);
        _read = meter.CreateHistogram(
            "remoteswap.spill.read.duration",
            "s",
            "Time of reading one frame from the spill file, for a Load or the scrubber.",
            advice: Buckets.Microseconds);
        meter.CreateObservableCounter(
            "remoteswap.spill.io",
            () => new Measurement<long>[]
            {
                new(Volatile.Read(ref _readBytes), new KeyValuePair<string, object?>("direction", "read")),
                new(Volatile.Read(ref _written), new KeyValuePair<string, object?>("direction", "write")),
            },
            "By",
            "Bytes read from and written to the spill file.");
    }

    /// <inheritdoc/>
    public void Reclaimed(string tenant, TimeSpan elapsed, StepResult result)
    {
        if (!_reclaim.Enabled)
        {
            return;
        }

        KeyValuePair<string, object?> resultTag = new("result", _results[(int)result]);
        if (_labels.NameOf(_labels.Of(tenant)) is { } label)
        {
            _reclaim.Record(elapsed.TotalSeconds, new(TenantLabels.TagName, label), resultTag);
        }
        else
        {
            _reclaim.Record(elapsed.TotalSeconds, resultTag);
        }
    }

    /// <inheritdoc/>
    public void SpillWritten(TimeSpan elapsed, long bytes)
    {
        Interlocked.Add(ref _written, bytes);
        _write.Record(elapsed.TotalSeconds);
    }

    /// <inheritdoc/>
    public void SpillRead(TimeSpan elapsed, long bytes)
    {
        Interlocked.Add(ref _readBytes, bytes);
        _read.Record(elapsed.TotalSeconds);
    }
}
