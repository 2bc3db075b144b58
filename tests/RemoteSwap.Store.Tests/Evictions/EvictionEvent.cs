namespace RemoteSwap.Store.Tests.Evictions;

/// <summary>What can happen to a page that was handed to its owner.</summary>
internal enum EvictionEvent
{
    /// <summary>The owner says that it has the page, and that is acted upon.</summary>
    Taken,

    /// <summary>The owner says so, but the shard's lock is held by what happens next.</summary>
    TakenLate,

    /// <summary>The owner refuses it.</summary>
    Refused,

    /// <summary>The owner says that it knows something newer.</summary>
    Superseded,

    /// <summary>The slot is stored again.</summary>
    Store,

    /// <summary>The slot is emptied.</summary>
    Invalidate,

    /// <summary>The page is stored again at its generation: a repeated call.</summary>
    StoreAgain,

    /// <summary>The slot is loaded.</summary>
    Load,

    /// <summary>Somebody else takes the area over.</summary>
    TakeOver,

    /// <summary>The way to the owner breaks.</summary>
    Break,

    /// <summary>Nobody answers for too long.</summary>
    Silence,

    /// <summary>The owner opens the way anew, and the frame is reclaimed once more.</summary>
    Again,
}
