using HdrHistogram;

namespace RemoteSwap.LoadGen.Latency;

/// <summary>
/// Durations of calls, kept as counts in buckets of about 0.1 % width (HdrHistogram), so that recording costs no
/// memory. One for each worker, merged afterwards; not for several threads at once. The exact largest value is kept
/// beside it.
/// </summary>
internal sealed class LatencyRecorder
{
    /// <summary>The longest duration that is told apart; longer ones count as this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private const int SignificantDigits = 3;
    private const double RankTolerance = 1e-9;

    // In ticks of 100 ns. Made with the first duration: it takes 200 KiB, and not every worker makes every
    // kind of call.
    private LongHistogram? _histogram;
    private TimeSpan _longest;

    /// <summary>Durations recorded.</summary>
    public long Count => _histogram?.TotalCount ?? 0;

    /// <summary>The longest duration recorded; zero if none was.</summary>
    public TimeSpan Max => _longest;

    /// <summary>The mean duration; zero if none was recorded.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : new((long)_histogram!.GetMean());

    /// <summary>Records a duration; a negative one counts as zero.</summary>
    public void Record(TimeSpan duration)
    {
        TimeSpan kept = duration < TimeSpan.Zero ? TimeSpan.Zero : duration > Longest ? Longest : duration;
        Histogram().RecordValue(kept.Ticks);
        _longest = kept > _longest ? kept : _longest;
    }

    /// <summary>Adds another recorder's durations.</summary>
    public void Add(LatencyRecorder other)
    {
        if (other._histogram is not null)
        {
            Histogram().Add(other._histogram);
        }

        _longest = other._longest > _longest ? other._longest : _longest;
    }

    /// <summary>Forgets all.</summary>
    public void Reset()
    {
        _histogram?.Reset();
        _longest = TimeSpan.Zero;
    }

    /// <summary>The duration that a share of all does not exceed; zero if none was recorded.</summary>
    /// <param name="percent">0 to 100.</param>
    public TimeSpan Percentile(double percent)
    {
        if (_histogram is null || Count == 0)
        {
            return TimeSpan.Zero;
        }

        // The histogram rounds to the nearest of its values, which with few of them is too small a one; ask for the
        // rank that covers the whole share.
        double rank = Math.Max(1, Math.Ceiling((percent / 100 * Count) - RankTolerance));
        TimeSpan value = new(_histogram.GetValueAtPercentile(100 * rank / Count));
        return value < _longest ? value : _longest;
    }

    /// <summary>Writes the distribution in the format that HdrHistogram's plotters read, in microseconds.</summary>
    public void WriteHgrm(TextWriter writer) =>
        Histogram().OutputPercentileDistribution(
            writer, outputValueUnitScalingRatio: TimeSpan.TicksPerMicrosecond, percentileTicksPerHalfDistance: 5);

    private LongHistogram Histogram() => _histogram ??= new LongHistogram(1, Longest.Ticks, SignificantDigits);
}
