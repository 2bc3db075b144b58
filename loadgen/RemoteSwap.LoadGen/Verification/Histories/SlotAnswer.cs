namespace RemoteSwap.LoadGen.Verification.Histories;

/// <summary>What a load said.</summary>
internal enum SlotAnswer
{
    /// <summary>Bytes came.</summary>
    Page,

    /// <summary>There is no page.</summary>
    Empty,

    /// <summary>There was a page, and it is gone.</summary>
    Lost,

    /// <summary>There is a page, and it did not verify.</summary>
    Corrupt,

    /// <summary>Somebody else owns the area.</summary>
    Fenced,

    /// <summary>Nothing: the call failed, or the server could not read the page.</summary>
    Unavailable,
}
