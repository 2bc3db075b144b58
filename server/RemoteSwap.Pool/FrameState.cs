namespace RemoteSwap.Pool;

/// <summary>What stands in a frame, as a map of frames shows it.</summary>
public enum FrameState : byte
{
    /// <summary>Nobody has it.</summary>
    Free = 0,

    /// <summary>One zpage, at the low end.</summary>
    First,

    /// <summary>One zpage, at the high end.</summary>
    Last,

    /// <summary>Two zpages.</summary>
    Both,

    /// <summary>One zpage that needs it whole.</summary>
    Headless,

    /// <summary>A reclaimer has it, whatever is left in it.</summary>
    UnderReclaim,

    /// <summary>In use, and no pool's: index leaves, tables of handles and of headers.</summary>
    Bookkeeping,

    /// <summary>A pool's that was not asked for.</summary>
    Elsewhere,
}
