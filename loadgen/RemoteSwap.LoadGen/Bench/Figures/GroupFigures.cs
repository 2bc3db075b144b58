namespace RemoteSwap.LoadGen.Bench.Figures;

/// <summary>A group and the rounds that were measured.</summary>
/// <param name="Group">The group.</param>
/// <param name="Rounds">Its rounds, without the warm-up.</param>
/// <param name="Errors">What failed, by leg; the first of each.</param>
internal sealed record GroupFigures(
    BenchGroup Group,
    IReadOnlyList<RoundSamples> Rounds,
    IReadOnlyDictionary<string, string> Errors);
