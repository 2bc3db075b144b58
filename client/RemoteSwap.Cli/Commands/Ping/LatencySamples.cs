namespace RemoteSwap.Cli.Commands.Ping;

/// <summary>
/// Times of calls: exact least, mean and most of all, exact percentiles of the last <see cref="MaxKept"/>. For one
/// thread.
/// </summary>
internal sealed class LatencySamples
{
    /// <summary>Times that are kept for percentiles; older ones make room.</summary>
    public const int MaxKept = 1_000_000;

    private readonly List<double> _kept = [];
    private double _sum;

    /// <summary>How many.</summary>
    public long Count { get; private set; }

    /// <summary>The least, in microseconds.</summary>
    public double Min { get; private set; } = double.MaxValue;

    /// <summary>The most, in microseconds.</summary>
    public double Max { get; private set; }

    /// <summary>The mean, in microseconds.</summary>
    public double Mean => _sum / Count;

    /// <summary>Adds a time.</summary>
    public void Add(TimeSpan elapsed)
    {
        double microseconds = elapsed.TotalMicroseconds;
        if (_kept.Count < MaxKept)
        {
            _kept.Add(microseconds);
        }
        else
        {
            _kept[(int)(Count % MaxKept)] = microseconds;
        }

        Count++;
        _sum += microseconds;
        Min = Math.Min(Min, microseconds);
        Max = Math.Max(Max, microseconds);
    }

    /// <summary>The smallest time that at least this share of the calls did not exceed.</summary>
    /// <param name="percent">The share, above 0 to 100.</param>
    public double Percentile(double percent)
    {
        double[] sorted = [.. _kept];
        Array.Sort(sorted);
        return sorted[Math.Max(0, (int)Math.Ceiling(percent / 100 * sorted.Length) - 1)];
    }
}
