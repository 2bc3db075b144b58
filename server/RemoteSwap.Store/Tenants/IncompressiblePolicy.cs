namespace RemoteSwap.Store;

/// <summary>What to do with a zpage that needs a whole frame.</summary>
public enum IncompressiblePolicy
{
    /// <summary>Keep it in a frame of its own.</summary>
    Keep,

    /// <summary>
    /// Keep it in a frame of its own, and take such frames first when memory is reclaimed: in the spill file it costs
    /// as much as two others that memory has better use for.
    /// </summary>
    Spill,

    /// <summary>Refuse it: such a page saves no memory.</summary>
    Reject,
}
