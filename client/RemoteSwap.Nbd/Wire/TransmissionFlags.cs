namespace RemoteSwap.Nbd.Wire;

/// <summary>NBD_FLAG_*: what an export can do.</summary>
[Flags]
internal enum TransmissionFlags : ushort
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Always set.</summary>
    HasFlags = 1 << 0,

    /// <summary>Nothing can be written.</summary>
    ReadOnly = 1 << 1,

    /// <summary>FLUSH is served.</summary>
    SendFlush = 1 << 2,

    /// <summary>The flag FUA is served.</summary>
    SendForceUnitAccess = 1 << 3,

    /// <summary>Behaves like a disk that turns.</summary>
    Rotational = 1 << 4,

    /// <summary>TRIM is served.</summary>
    SendTrim = 1 << 5,

    /// <summary>WRITE_ZEROES is served.</summary>
    SendWriteZeroes = 1 << 6,

    /// <summary>The flag DF is served; only with structured replies.</summary>
    SendDontFragment = 1 << 7,

    /// <summary>A flush on one connection covers what was answered on all.</summary>
    CanMultiConnection = 1 << 8,

    /// <summary>CACHE is served.</summary>
    SendCache = 1 << 10,

    /// <summary>The flag FAST_ZERO is served.</summary>
    SendFastZero = 1 << 11,
}
