namespace RemoteSwap.Nbd.Wire;

/// <summary>NBD_OPT_*: what a client asks for before transmission.</summary>
internal enum NbdOption
{
    /// <summary>Choose an export and begin; can not be refused but by closing.</summary>
    ExportName = 1,

    /// <summary>End.</summary>
    Abort = 2,

    /// <summary>List exports.</summary>
    List = 3,

    /// <summary>Begin TLS.</summary>
    StartTls = 5,

    /// <summary>Tell about an export.</summary>
    Info = 6,

    /// <summary>Choose an export and begin.</summary>
    Go = 7,

    /// <summary>Use structured replies.</summary>
    StructuredReply = 8,

    /// <summary>List meta contexts.</summary>
    ListMetaContext = 9,

    /// <summary>Choose meta contexts.</summary>
    SetMetaContext = 10,
}
