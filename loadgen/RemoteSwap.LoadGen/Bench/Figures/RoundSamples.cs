namespace RemoteSwap.LoadGen.Bench.Figures;

/// <summary>The legs of one round, which ran one after the other and so had the same neighbours.</summary>
internal sealed class RoundSamples
{
    private readonly Dictionary<string, LegSample> _samples = new(StringComparer.Ordinal);

    /// <summary>Keeps a leg's sample.</summary>
    public void Add(string leg, LegSample sample) => _samples[leg] = sample;

    /// <summary>A leg's sample; null if the leg was not run or failed.</summary>
    public LegSample? Find(string leg) =>
        _samples.TryGetValue(leg, out LegSample? sample) && sample.Error is null ? sample : null;

    /// <summary>A figure of one leg over the same figure of another; null if one of them is missing or zero.</summary>
    public double? Over(string leg, string ceiling, Func<LegSample, double?> figure) =>
        Find(leg) is { } above && Find(ceiling) is { } below
        && figure(above) is { } top && figure(below) is { } bottom && bottom > 0
            ? top / bottom
            : null;

    /// <summary>Pages a second of one leg over those of another.</summary>
    public double? RateOver(string leg, string ceiling) => Over(leg, ceiling, sample => sample.PagesPerSecond);
}
