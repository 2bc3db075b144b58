namespace RemoteSwap.Nbd.Wire;

/// <summary>NBD_INFO_*: pieces of information about an export.</summary>
internal enum InfoType : ushort
{
    /// <summary>Size and transmission flags.</summary>
    Export = 0,

    /// <summary>The export's own name.</summary>
    Name = 1,

    /// <summary>A text for people.</summary>
    Description = 2,

    /// <summary>Smallest, preferred and largest request.</summary>
    BlockSize = 3,
}
