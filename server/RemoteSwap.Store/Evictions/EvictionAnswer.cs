namespace RemoteSwap.Store;

/// <summary>What an owner says of a page that was handed to it.</summary>
public enum EvictionAnswer : byte
{
    /// <summary>Nothing yet, or never.</summary>
    None = 0,

    /// <summary>It has the page, where a crash of its own does not lose it.</summary>
    Taken,

    /// <summary>It knows that the slot has something newer, or nothing.</summary>
    Superseded,

    /// <summary>It has no room, or could not write.</summary>
    Refused,
}
