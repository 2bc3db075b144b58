namespace RemoteSwap.Store;

/// <summary>Why a way to an area's owner is closed.</summary>
public enum EvictionEnd : byte
{
    /// <summary>It is not.</summary>
    None = 0,

    /// <summary>Whoever opened it has closed it.</summary>
    Closed,

    /// <summary>The owner has opened another one.</summary>
    Replaced,

    /// <summary>The area has another owner, or none.</summary>
    Fenced,
}
