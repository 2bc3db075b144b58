namespace RemoteSwap.Nbd.Wire;

/// <summary>Magic numbers and fixed lengths of the protocol; all integers of the wire are big-endian.</summary>
internal static class NbdMagic
{
    /// <summary>"NBDMAGIC", the server's first word.</summary>
    public const ulong Server = 0x4e42_444d_4147_4943;

    /// <summary>"IHAVEOPT", before every option and in the server's greeting.</summary>
    public const ulong Option = 0x4948_4156_454f_5054;

    /// <summary>Before every reply to an option.</summary>
    public const ulong OptionReply = 0x0003_e889_0455_65a9;

    /// <summary>Before every request.</summary>
    public const uint Request = 0x2560_9513;

    /// <summary>Before every simple reply.</summary>
    public const uint SimpleReply = 0x6744_6698;

    /// <summary>Before every chunk of a structured reply.</summary>
    public const uint StructuredReply = 0x668e_33ef;

    /// <summary>The longest string that the protocol allows.</summary>
    public const int MaxStringBytes = 4096;

    /// <summary>Zeroes after the reply to NBD_OPT_EXPORT_NAME, unless the client asked for none.</summary>
    public const int ExportNamePadding = 124;
}
