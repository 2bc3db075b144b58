namespace RemoteSwap.Client;

/// <summary>What became of an attach. Numbers are those of the wire contract.</summary>
public enum AttachOutcome
{
    /// <summary>Never returned.</summary>
    None = 0,

    /// <summary>A new session.</summary>
    Attached = 1,

    /// <summary>The session goes on.</summary>
    Resumed = 2,

    /// <summary>Refused: somebody owns the area.</summary>
    Held = 3,

    /// <summary>Refused: the session is over; somebody else has attached, or it was abandoned for too long.</summary>
    Fenced = 4,

    /// <summary>Refused: the ticket is not the session's.</summary>
    WrongToken = 5,
}
