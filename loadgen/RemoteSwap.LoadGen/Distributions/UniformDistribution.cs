namespace RemoteSwap.LoadGen.Distributions;

/// <summary>Every slot alike.</summary>
internal sealed class UniformDistribution(int slots, SeededRandom random) : ISlotDistribution
{
    /// <inheritdoc/>
    public int Next() => random.Next(slots);
}
