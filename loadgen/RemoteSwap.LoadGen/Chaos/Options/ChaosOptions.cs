namespace RemoteSwap.LoadGen.Chaos.Options;

/// <summary>What a chaos run does.</summary>
internal sealed record ChaosOptions
{
    /// <summary>Start of all random choices.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How long faults are done.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Workers.</summary>
    public int Workers { get; init; } = 6;

    /// <summary>Slots that all workers share.</summary>
    public int Slots { get; init; } = 512;

    /// <summary>The longest time that a call of the client may take.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The server's lease of owners.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether the server has a spill file that it keeps, and memory for a quarter of the pages, so that most are in
    /// it.
    /// </summary>
    public bool Spill { get; init; }

    /// <summary>So many kills and no other fault, however long that takes; 0: faults of all kinds.</summary>
    public int Kills { get; init; }

    /// <summary>Whether results are JSON.</summary>
    public bool Json { get; init; }
}
