namespace RemoteSwap.LoadGen.Bench.Figures;

/// <summary>
/// A figure that is worked out of each round by itself; the median of the rounds is what counts, because both sides of
/// a round's ratio had the same neighbours.
/// </summary>
/// <param name="Title">What it says.</param>
/// <param name="Goal">What it ought to be; null: it is only told.</param>
/// <param name="Of">Works it out of a round; null where something is missing.</param>
internal sealed record RatioSpec(string Title, Goal? Goal, Func<RoundSamples, double?> Of)
{
    private const double MebiByte = 1 << 20;

    /// <summary>Whether every round has to reach the goal, and not only the median: for what must never be.</summary>
    public bool CountsWorst { get; init; }

    /// <summary>Pages a second of one leg over those of another.</summary>
    public static RatioSpec Rate(string leg, string ceiling, Goal? goal) =>
        new($"{leg} / {ceiling}", goal, round => round.RateOver(leg, ceiling));

    /// <summary>Processor time of the server for a page of one leg over that of another.</summary>
    public static RatioSpec ServerCpu(string leg, string ceiling, Goal? goal) => new(
        $"server CPU a page, {leg} / {ceiling}",
        goal,
        round => round.Over(leg, ceiling, sample => sample.ServerCpuUs));

    /// <summary>Processor time of the client for a page of one leg over that of another.</summary>
    public static RatioSpec ClientCpu(string leg, string ceiling, Goal? goal) => new(
        $"client CPU a page, {leg} / {ceiling}",
        goal,
        round => round.Over(leg, ceiling, sample => sample.ClientCpuUs));

    /// <summary>Median latency of one leg over that of another.</summary>
    public static RatioSpec P50(string leg, string ceiling, Goal? goal) => new(
        $"p50, {leg} / {ceiling}",
        goal,
        round => round.Over(leg, ceiling, sample => sample.P50Us));

    /// <summary>Bytes that the server allocated for a page of a leg.</summary>
    public static RatioSpec Allocated(string leg, Goal? goal) => new(
        $"bytes that the server allocated a page, {leg}", goal, round => round.Find(leg)?.ServerAllocatedPerPage);

    /// <summary>Collections of the server's whole heap during a leg.</summary>
    public static RatioSpec FullCollections(string leg, Goal? goal) =>
        new($"gen-2 collections of the server, {leg}", goal, round => round.Find(leg)?.ServerFullCollections)
        {
            CountsWorst = true,
        };

    /// <summary>The most by which the server's memory grew during a leg, in MiB.</summary>
    public static RatioSpec Growth(string leg, Goal? goal) =>
        new($"MiB that the server grew by, {leg}", goal, round => round.Find(leg)?.ServerGrowthBytes / MebiByte)
        {
            CountsWorst = true,
        };
}
