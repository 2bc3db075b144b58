using RemoteSwap.LoadGen.Options;

namespace RemoteSwap.LoadGen.Distributions;

/// <summary>Makes the distribution that the command line names.</summary>
internal static class SlotDistribution
{
    /// <summary>A distribution over a worker's slots.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="slots">Slots, at least 1.</param>
    /// <param name="hotPercent">Hot share for <see cref="DistributionKind.Scan"/>.</param>
    /// <param name="random">The worker's random numbers.</param>
    public static ISlotDistribution Create(DistributionKind kind, int slots, int hotPercent, SeededRandom random) =>
        kind switch
        {
            DistributionKind.Uniform => new UniformDistribution(slots, random.Fork()),
            DistributionKind.Zipf => new ZipfDistribution(slots, random.Fork()),
            DistributionKind.Sequential => new SequentialDistribution(slots),
            _ => new ScanDistribution(slots, hotPercent, random.Fork()),
        };
}
