namespace RemoteSwap.LoadGen.Verification;

/// <summary>What is wrong with a page that came back, or did not.</summary>
internal enum MismatchKind
{
    /// <summary>Other bytes than were stored last.</summary>
    WrongBytes,

    /// <summary>The store was acknowledged, and the slot is empty.</summary>
    Lost,

    /// <summary>The store was acknowledged, and the page did not verify on its way back.</summary>
    Corrupt,

    /// <summary>The slot must be empty, and a page came back.</summary>
    NotEmpty,
}
