namespace RemoteSwap.Pool;

/// <summary>What a frame holds.</summary>
public enum FrameKind : byte
{
    /// <summary>Not in a pool.</summary>
    None = 0,

    /// <summary>A header chunk and up to two zpages.</summary>
    Zbud = 1,

    /// <summary>One zpage that needs the whole frame; its header lies elsewhere.</summary>
    Headless = 2,

    /// <summary>No frame of a pool: an image of what of an index stands in no frame.</summary>
    Index = 3,
}
