namespace RemoteSwap.Nbd;

/// <summary>Errors as they stand on the wire (proto.md, "Error values").</summary>
public enum NbdError
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>NBD_EPERM: not permitted, the export is read-only.</summary>
    NotPermitted = 1,

    /// <summary>NBD_EIO: the bytes are lost, damaged, or out of reach.</summary>
    InputOutput = 5,

    /// <summary>NBD_EINVAL: the request is wrong.</summary>
    Invalid = 22,

    /// <summary>NBD_ENOSPC: no room, or beyond the end of the export.</summary>
    NoSpace = 28,

    /// <summary>NBD_EOVERFLOW: more than one chunk would be needed and NBD_CMD_FLAG_DF forbids it.</summary>
    Overflow = 75,

    /// <summary>NBD_ENOTSUP: not as fast as NBD_CMD_FLAG_FAST_ZERO asks for.</summary>
    NotSupported = 95,

    /// <summary>NBD_ESHUTDOWN: the server is going down.</summary>
    Shutdown = 108,
}
