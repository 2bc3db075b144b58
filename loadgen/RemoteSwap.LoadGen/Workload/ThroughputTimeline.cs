namespace RemoteSwap.LoadGen.Workload;

/// <summary>
/// Samples of how many pages were done when. Keeps a bounded number: when it is full, every second sample goes and from
/// then on half as many are kept. Used by one thread.
/// </summary>
internal sealed class ThroughputTimeline
{
    /// <summary>Most samples.</summary>
    public const int MaxSamples = 600;

    private readonly List<(TimeSpan Elapsed, long Pages)> _samples = [(TimeSpan.Zero, 0)];
    private int _keepEvery = 1;
    private int _seen;

    /// <summary>Adds a sample.</summary>
    public void Add(TimeSpan elapsed, long pages)
    {
        if (++_seen % _keepEvery != 0)
        {
            return;
        }

        _samples.Add((elapsed, pages));
        if (_samples.Count > MaxSamples)
        {
            for (int i = 1; i < _samples.Count; i++)
            {
                _samples.RemoveAt(i);
            }

            _keepEvery *= 2;
        }
    }

    /// <summary>Pages a second between neighbouring samples, up to the phase's end.</summary>
    public IReadOnlyList<TimelinePoint> ToPoints(TimeSpan elapsed, long pages)
    {
        const double LeastStretchSeconds = 0.05;
        List<TimelinePoint> points = [];
        (TimeSpan Elapsed, long Pages) before = _samples[0];
        foreach ((TimeSpan Elapsed, long Pages) sample in _samples.Skip(1).Append((elapsed, pages)))
        {
            double seconds = (sample.Elapsed - before.Elapsed).TotalSeconds;
            if (seconds >= LeastStretchSeconds || (points.Count == 0 && seconds > 0 && sample.Elapsed == elapsed))
            {
                points.Add(new TimelinePoint(sample.Elapsed.TotalSeconds, (sample.Pages - before.Pages) / seconds));
                before = sample;
            }
        }

        return points;
    }
}
