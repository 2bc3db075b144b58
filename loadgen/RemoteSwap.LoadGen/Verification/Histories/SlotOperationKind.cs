namespace RemoteSwap.LoadGen.Verification.Histories;

/// <summary>What an operation makes of its slot.</summary>
internal enum SlotOperationKind
{
    /// <summary>What a slot is before anything was done to it: empty.</summary>
    Nothing,

    /// <summary>A page.</summary>
    Store,

    /// <summary>Empty: an invalidation, or a store that was refused.</summary>
    Empty,
}
