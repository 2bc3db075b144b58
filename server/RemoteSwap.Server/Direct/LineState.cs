namespace RemoteSwap.Server.Direct;

/// <summary>What a connection is found to be.</summary>
internal enum LineState
{
    /// <summary>Nothing is to be done.</summary>
    Alive,

    /// <summary>It has said nothing for long; it is to be asked for a sign of life.</summary>
    Silent,

    /// <summary>Its loop has something to do.</summary>
    Due,

    /// <summary>Its client is gone, or might as well be.</summary>
    Dead,
}
