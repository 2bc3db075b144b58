using System.Diagnostics.Metrics;

namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>
/// The instruments of some meters that were made while this listened, each with the tags that it uses.
/// </summary>
internal sealed class InstrumentList : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (Instrument Instrument, List<string> Tags)> _instruments =
        new(StringComparer.Ordinal);

    public InstrumentList(IReadOnlyList<string> meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Contains(instrument.Meter.Name, StringComparer.Ordinal))
            {
                lock (_gate)
                {
                    _instruments.TryAdd(instrument.Name, (instrument, []));
                }

                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        _listener.Start();
    }

    /// <summary>All of them, by name, with their tags in the order in which they are given.</summary>
    public IReadOnlyList<(Instrument Instrument, IReadOnlyList<string> Tags)> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _instruments.Values.Select(each => (each.Instrument, (IReadOnlyList<string>)each.Tags))];
            }
        }
    }

    /// <summary>Asks those that are observed.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            List<string> known = _instruments[instrument.Name].Tags;
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (!known.Contains(tag.Key, StringComparer.Ordinal))
                {
                    known.Add(tag.Key);
                }
            }
        }
    }
}
