namespace RemoteSwap.Store;

/// <summary>What to do with a zpage that needs a whole frame.</summary>
public enum IncompressiblePolicy
{
    /// <summary>Keep it in a frame of its own.</summary>
    Keep,

    /// <summary>Refuse it: such a page saves no memory.</summary>
    Reject,
}
