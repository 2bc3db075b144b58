namespace RemoteSwap.Store;

/// <summary>What became of an attach.</summary>
public enum AttachOutcome : byte
{
    /// <summary>Not decided yet.</summary>
    None = 0,

    /// <summary>A new session.</summary>
    Attached,

    /// <summary>The session goes on.</summary>
    Resumed,

    /// <summary>Refused: the area has an owner.</summary>
    Held,

    /// <summary>Refused: the session is over.</summary>
    Fenced,

    /// <summary>Refused: the token is not the session's.</summary>
    WrongToken,

    /// <summary>Refused: the tenant has as many areas with owners as it may.</summary>
    AreaQuota,
}
