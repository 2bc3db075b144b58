namespace RemoteSwap.LoadGen.Bench.Reports.Model;

/// <summary>A ratio, or another figure of a group, next to its goal.</summary>
/// <param name="Title">What it says.</param>
/// <param name="Figure">The figure; null: it could not be worked out.</param>
/// <param name="Rounds">The figure of each round in which it could be worked out.</param>
/// <param name="Goal">The goal in words; null: none.</param>
/// <param name="Met">Whether the goal is reached; null: there is no goal, or no figure.</param>
internal sealed record RatioReport(
    string Title, SpreadReport? Figure, IReadOnlyList<double> Rounds, string? Goal, bool? Met);
