namespace RemoteSwap.Store.Tests.Linearizability;

internal enum OperationKind
{
    /// <summary>Stored a value.</summary>
    Store,

    /// <summary>Was refused: the slot is empty afterwards.</summary>
    Refused,

    /// <summary>Loaded a value, or found the slot empty.</summary>
    Load,

    /// <summary>Emptied the slot.</summary>
    Invalidate,
}
