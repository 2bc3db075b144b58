namespace RemoteSwap.Nbd.Wire;

/// <summary>NBD_CMD_FLAG_*.</summary>
[Flags]
internal enum CommandFlags : ushort
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Durable before the reply; legal with every command.</summary>
    ForceUnitAccess = 1 << 0,

    /// <summary>WRITE_ZEROES: keep the range allocated.</summary>
    NoHole = 1 << 1,

    /// <summary>READ: one chunk of content.</summary>
    DontFragment = 1 << 2,

    /// <summary>BLOCK_STATUS: one extent.</summary>
    RequestOne = 1 << 3,

    /// <summary>WRITE_ZEROES: fail rather than be slow.</summary>
    FastZero = 1 << 4,
}
