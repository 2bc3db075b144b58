namespace RemoteSwap.Client.Evictions;

/// <summary>What became of a page that the server wants to forget. Numbers are those of the wire contract.</summary>
internal enum TakeOutcome
{
    /// <summary>Not decided.</summary>
    None = 0,

    /// <summary>It is in the file.</summary>
    Taken = 1,

    /// <summary>The slot has something newer, or nothing.</summary>
    Superseded = 2,

    /// <summary>There is no room, or it is not what it should be, or could not be written.</summary>
    Refused = 3,
}
