namespace RemoteSwap.Nbd;

/// <summary>Kinds of extents in the meta context base:allocation; values are the flags of the wire.</summary>
[Flags]
public enum NbdExtentKind
{
    /// <summary>Bytes that are kept.</summary>
    Data = 0,

    /// <summary>NBD_STATE_HOLE: nothing is kept.</summary>
    Hole = 1,

    /// <summary>NBD_STATE_ZERO: reads as zeroes.</summary>
    Zero = 2,
}
