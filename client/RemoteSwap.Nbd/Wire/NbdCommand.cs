namespace RemoteSwap.Nbd.Wire;

/// <summary>NBD_CMD_*: what a request asks for.</summary>
internal enum NbdCommand : ushort
{
    /// <summary>Read bytes.</summary>
    Read = 0,

    /// <summary>Write the bytes that follow.</summary>
    Write = 1,

    /// <summary>The client goes; no reply.</summary>
    Disconnect = 2,

    /// <summary>Make all answered writes durable.</summary>
    Flush = 3,

    /// <summary>The range is not needed any more.</summary>
    Trim = 4,

    /// <summary>The range will be read soon.</summary>
    Cache = 5,

    /// <summary>Make a range read as zeroes.</summary>
    WriteZeroes = 6,

    /// <summary>Tell extents.</summary>
    BlockStatus = 7,
}
