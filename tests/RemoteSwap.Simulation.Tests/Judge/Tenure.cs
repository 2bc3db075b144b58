namespace RemoteSwap.Simulation.Judge;

/// <summary>A session's time as the owner of the area.</summary>
internal sealed class Tenure
{
    public required int Number { get; init; }

    /// <summary>The attach epoch; 0: not known yet. Of two owners the later one has the greater.</summary>
    public ulong Epoch { get; set; }

    /// <summary>When its attach was begun.</summary>
    public required long AttachBegun { get; init; }

    /// <summary>When its attach returned; until then it may or may not be the owner.</summary>
    public long Attached { get; set; } = long.MaxValue;

    /// <summary>Whether the area may have been dropped as abandoned.</summary>
    public bool MayBeAbandoned { get; set; }
}
