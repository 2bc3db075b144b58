namespace RemoteSwap.LoadGen.Bench.Figures;

/// <summary>Legs that are measured in turn, A B C A B C, and what is worked out of them.</summary>
/// <param name="Title">What the group is about.</param>
/// <param name="Legs">The legs.</param>
/// <param name="Ratios">What is worked out of each round.</param>
internal sealed record BenchGroup(string Title, IReadOnlyList<IBenchLeg> Legs, IReadOnlyList<RatioSpec> Ratios)
{
    /// <summary>Time of each leg in a round; null: the run's.</summary>
    public TimeSpan? LegTime { get; init; }

    /// <summary>Rounds; null: the run's.</summary>
    public int? Rounds { get; init; }
}
