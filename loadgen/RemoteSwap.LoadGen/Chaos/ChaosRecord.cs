using RemoteSwap.LoadGen.Chaos.Faults;
using RemoteSwap.LoadGen.Chaos.Options;
using RemoteSwap.LoadGen.Verification.Histories;

namespace RemoteSwap.LoadGen.Chaos;

/// <summary>What a chaos run came to.</summary>
/// <param name="Options">What it did.</param>
/// <param name="Faults">The faults in their order.</param>
/// <param name="Outcomes">How often each outcome came.</param>
/// <param name="Judged">Answers of loads that were judged.</param>
/// <param name="NotJudged">Answers of slots that had seen too much at once.</param>
/// <param name="Wrong">Answers that were not legal.</param>
/// <param name="Violations">The first of them.</param>
internal sealed record ChaosRecord(
    ChaosOptions Options,
    IReadOnlyList<FaultResult> Faults,
    SortedDictionary<string, long> Outcomes,
    long Judged,
    long NotJudged,
    long Wrong,
    IReadOnlyList<Violation> Violations)
{
    /// <summary>Pages that servers had again when they were started after a kill.</summary>
    public long KeptPages { get; init; }

    /// <summary>Whether every answer was legal, and enough was asked.</summary>
    public bool IsClean => Wrong == 0 && Judged > 0 && NotJudged == 0;

    /// <summary>Whether work went on after every fault, as it should.</summary>
    public bool HasGoneOn => Faults.Count > 0 && Faults.All(fault => fault is { Stall: not null, Remark: "" });
}
