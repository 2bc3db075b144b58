namespace RemoteSwap.LoadGen.Bench.Figures;

/// <summary>A figure over the rounds of a run: noise of neighbours shows in the spread, not in the median.</summary>
/// <param name="Median">The middle one, or the mean of the two in the middle.</param>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest.</param>
/// <param name="Rounds">How many there are.</param>
internal sealed record Spread(double Median, double Low, double High, int Rounds)
{
    /// <summary>Of some figures; null if there is none. What is not a number is left out.</summary>
    public static Spread? Of(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Where(double.IsFinite).Order()];
        if (sorted.Length == 0)
        {
            return null;
        }

        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1], sorted.Length);
    }
}
