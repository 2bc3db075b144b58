namespace RemoteSwap.Server.Direct;

/// <summary>What a connection's first bytes say it is.</summary>
internal enum OpeningKind
{
    /// <summary>Too few to say.</summary>
    Unknown,

    /// <summary>Of a client that promises to open a single stream.</summary>
    Direct,

    /// <summary>Any other.</summary>
    Ordinary,
}
