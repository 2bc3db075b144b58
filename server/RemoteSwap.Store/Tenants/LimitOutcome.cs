namespace RemoteSwap.Store;

/// <summary>What became of new limits.</summary>
public enum LimitOutcome : byte
{
    /// <summary>Not decided yet.</summary>
    None = 0,

    /// <summary>They are in force.</summary>
    Set,

    /// <summary>Nothing has changed: the guarantee would be above the limit.</summary>
    GuaranteeAboveLimit,

    /// <summary>Nothing has changed: the server has not so much that is neither used nor guaranteed to
    /// others.</summary>
    GuaranteeNotFree,
}
