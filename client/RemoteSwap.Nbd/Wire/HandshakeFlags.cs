namespace RemoteSwap.Nbd.Wire;

/// <summary>
/// NBD_FLAG_FIXED_NEWSTYLE and NBD_FLAG_NO_ZEROES; the same bits in the server's greeting and in the client's answer.
/// </summary>
[Flags]
internal enum HandshakeFlags
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Options are answered, unknown ones too.</summary>
    FixedNewstyle = 1 << 0,

    /// <summary>No zeroes after the reply to NBD_OPT_EXPORT_NAME.</summary>
    NoZeroes = 1 << 1,
}
