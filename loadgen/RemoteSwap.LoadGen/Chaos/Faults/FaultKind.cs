namespace RemoteSwap.LoadGen.Chaos.Faults;

/// <summary>What is done to a server, its network or its client.</summary>
internal enum FaultKind
{
    /// <summary>The server is killed and started again: its memory is gone.</summary>
    Kill,

    /// <summary>The server stands still for a while.</summary>
    Pause,

    /// <summary>All connections are reset.</summary>
    Reset,

    /// <summary>Nothing passes to the server for a while.</summary>
    BlockToServer,

    /// <summary>Nothing passes to the client for a while.</summary>
    BlockToClient,

    /// <summary>Nothing passes either way for a while.</summary>
    BlockBoth,

    /// <summary>A second client takes the area over.</summary>
    TakeOver,
}
