using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Sources;
using RemoteSwap.LoadGen.Statistics;
using RemoteSwap.LoadGen.Verification;
using RemoteSwap.LoadGen.Workload;
using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Reports;

/// <summary>What a run left behind, as the reports are made from it.</summary>
internal sealed record RunRecord
{
    /// <summary>What was asked for.</summary>
    public required LoadOptions Options { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>Where the server listened.</summary>
    public required Uri ServerAddress { get; init; }

    /// <summary>Limit of a server in this process; null for another.</summary>
    public required ByteSize? EmbeddedLimit { get; init; }

    /// <summary>Slots of each area.</summary>
    public required long AreaSlots { get; init; }

    /// <summary>Pages that were to be swapped out.</summary>
    public required long Pages { get; init; }

    /// <summary>The source pages.</summary>
    public required PageCorpus Corpus { get; init; }

    /// <summary>How they compress.</summary>
    public required CorpusSurvey Survey { get; init; }

    /// <summary>The phases, in their order.</summary>
    public required IReadOnlyList<PhaseResult> Phases { get; init; }

    /// <summary>What the pages cost in memory; null if the server did not say.</summary>
    public required MemoryFigures? Memory { get; init; }

    /// <summary>What went through the spill file; null: there was none.</summary>
    public SpillFigures? Spill { get; init; }

    /// <summary>What the verifiers found.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What the server's own check found; null if it was not made.</summary>
    public required IReadOnlyList<string>? ServerViolations { get; init; }

    /// <summary>Whether the user stopped it early.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>Whether failed calls ended it early.</summary>
    public required bool GaveUp { get; init; }

    /// <summary>How late this program's timer let paced calls start, at the median; null in a closed loop.</summary>
    public required TimeSpan? TimerLateness { get; init; }
}
