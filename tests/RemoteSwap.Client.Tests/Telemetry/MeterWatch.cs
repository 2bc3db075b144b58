using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace RemoteSwap.Client.Tests.Telemetry;

/// <summary>Makes meters for one test, and writes down what is measured with them.</summary>
internal sealed class MeterWatch : IMeterFactory
{
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<(string Name, double Value, string[] Tags)> _measured = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Meter> _meters = new();

    public MeterWatch()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
            {
                Instruments.Enqueue(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The instruments that there are.</summary>
    public ConcurrentQueue<Instrument> Instruments { get; } = new();

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        Meter meter = new(options);
        _meters.Enqueue(meter);
        return meter;
    }

    /// <summary>The sum of what was measured with all of some tags.</summary>
    public double Sum(string name, params string[] tags) => Values(name, tags).Sum();

    /// <summary>How often something was measured with all of some tags.</summary>
    public int Count(string name, params string[] tags) => Values(name, tags).Count();

    /// <summary>The smallest and the largest that was measured.</summary>
    public (double Least, double Most) Range(string name, params string[] tags) =>
        (Values(name, tags).Min(), Values(name, tags).Max());

    /// <summary>Waits until what was measured adds up to something.</summary>
    public async Task AwaitSumAsync(double sum, string name, params string[] tags)
    {
        using CancellationTokenSource bound = new(s_liveness);
        while (Math.Abs(Sum(name, tags) - sum) > double.Epsilon)
        {
            if (bound.IsCancellationRequested)
            {
                throw new TimeoutException($"{name} is {Sum(name, tags)} and not {sum}:\n{All()}");
            }

            await Task.Delay(2);
        }
    }

    /// <summary>All that was measured.</summary>
    public string All() => string.Join(
        '\n', _measured.Select(one => $"{one.Name} {string.Join(',', one.Tags)} {one.Value}"));

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Meter meter in _meters)
        {
            meter.Dispose();
        }
    }

    private IEnumerable<double> Values(string name, string[] tags) =>
        from one in _measured
        where one.Name == name && tags.All(one.Tags.Contains)
        select one.Value;

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string[] texts = new string[tags.Length];
        for (int i = 0; i < tags.Length; i++)
        {
            texts[i] = $"{tags[i].Key}={tags[i].Value}";
        }

        _measured.Enqueue((instrument.Name, value, texts));
    }
}
