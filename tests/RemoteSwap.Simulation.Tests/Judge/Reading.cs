using RemoteSwap.Client;

namespace RemoteSwap.Simulation.Judge;

/// <summary>A load of one slot.</summary>
internal sealed class Reading
{
    public required ulong Slot { get; init; }

    public required int Session { get; init; }

    public required long Begun { get; init; }

    /// <summary>How many changes had been begun when it was: those before it come before it on their lane.</summary>
    public required long Order { get; init; }

    /// <summary>Whether it was a single-page call, which keeps its place among those of its slot.</summary>
    public bool IsSingle { get; init; }

    public LoadOutcome Outcome { get; set; }

    public long Ended { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"load in session {Session}, {Begun} to {Ended}, at #{Order}: {Outcome}";
}
