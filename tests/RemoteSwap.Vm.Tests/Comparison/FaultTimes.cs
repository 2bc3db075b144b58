namespace RemoteSwap.Vm.Tests.Comparison;

/// <summary>What the runs of a guest on one kind of disk took, in microseconds of a major fault.</summary>
internal sealed record FaultTimes(string Disk, IReadOnlyList<double> P50Us, IReadOnlyList<double> P99Us)
{
    public double MedianP50Us => Median(P50Us);

    public double MedianP99Us => Median(P99Us);

    /// <summary>The middle of the ratios of runs that followed each other.</summary>
    public static double Ratio(IReadOnlyList<double> these, IReadOnlyList<double> those) =>
        Median([.. these.Zip(those, (one, other) => one / other)]);

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return Math.Round(
            sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, digits: 3);
    }
}
