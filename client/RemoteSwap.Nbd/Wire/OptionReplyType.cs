namespace RemoteSwap.Nbd.Wire;

/// <summary>NBD_REP_*: replies to options; errors have the highest bit set.</summary>
internal enum OptionReplyType : uint
{
    /// <summary>Done.</summary>
    Ack = 1,

    /// <summary>An export.</summary>
    Server = 2,

    /// <summary>A piece of information.</summary>
    Info = 3,

    /// <summary>A meta context.</summary>
    MetaContext = 4,

    /// <summary>The option is unknown.</summary>
    ErrorUnsupported = 0x8000_0001,

    /// <summary>Forbidden here.</summary>
    ErrorPolicy = 0x8000_0002,

    /// <summary>The option's data are wrong.</summary>
    ErrorInvalid = 0x8000_0003,

    /// <summary>TLS first.</summary>
    ErrorTlsRequired = 0x8000_0005,

    /// <summary>No such export.</summary>
    ErrorUnknown = 0x8000_0006,

    /// <summary>The server is going down.</summary>
    ErrorShutdown = 0x8000_0007,

    /// <summary>The option's data are too long.</summary>
    ErrorTooBig = 0x8000_0009,
}
