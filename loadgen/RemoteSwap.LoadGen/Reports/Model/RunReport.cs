using RemoteSwap.LoadGen.Statistics;

namespace RemoteSwap.LoadGen.Reports.Model;

/// <summary>
/// Everything a run has to say; the JSON output is exactly this. Names and meanings stay as they are within one schema
/// number; new ones may be added.
/// </summary>
internal sealed record RunReport
{
    /// <summary>Name and number of this form.</summary>
    public const string SchemaName = "remoteswap.loadgen/1";

    /// <summary>Name and number of this form.</summary>
    public string Schema => SchemaName;

    /// <summary>Version of this program.</summary>
    public required string Version { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>Where all random choices started.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Exit code of the process.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Whether the user stopped it early.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>The computer of this process.</summary>
    public required MachineFacts Machine { get; init; }

    /// <summary>The server and the load on it.</summary>
    public required SetupReport Setup { get; init; }

    /// <summary>The pages.</summary>
    public required PagesReport Pages { get; init; }

    /// <summary>The phases, in their order.</summary>
    public required IReadOnlyList<PhaseReport> Phases { get; init; }

    /// <summary>What the pages cost the server in memory; null if it did not say.</summary>
    public required MemoryReport? Memory { get; init; }

    /// <summary>What went through the spill file; null: there was none.</summary>
    public required SpillReport? Spill { get; init; }

    /// <summary>Whether every page came back right.</summary>
    public required VerdictReport Verdict { get; init; }

    /// <summary>What a reader of the figures must know.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}
