namespace RemoteSwap.Client;

/// <summary>What a load does to the copy on the server.</summary>
public enum LoadMode
{
    /// <summary>The copy stays.</summary>
    Keep = 0,

    /// <summary>
    /// The copy goes, but only after all pages of the batch have arrived and been verified here, and only the pages
    /// that were verified. Where the server can not be told so, the copy stays.
    /// </summary>
    TakeOver = 1,
}
