namespace RemoteSwap.Simulation.Judge;

/// <summary>What is known of a change to a slot.</summary>
internal enum ChangeState
{
    /// <summary>Its caller waits.</summary>
    UnderWay,

    /// <summary>A page is stored.</summary>
    Stored,

    /// <summary>The slot is empty: invalidated, or the page was refused.</summary>
    Emptied,

    /// <summary>The caller was told of a failure, or is gone: it may have an effect, also later.</summary>
    Unknown,
}
