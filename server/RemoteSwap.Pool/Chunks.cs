namespace RemoteSwap.Pool;

/// <summary>
/// The arithmetic of zbud. A frame is 64 chunks of 64 bytes; chunk 0 is the header, 63 are for zpages. One chunk stays
/// spare on allocation: a zpage that would leave no room for any buddy is refused, because a frame for a single zpage
/// saves nothing (Heesub Shin, July 2013).
/// </summary>
public static class Chunks
{
    /// <summary>Bytes of a chunk.</summary>
    public const int Bytes = 64;

    /// <summary>Chunks of a frame, its header's included.</summary>
    public const int PerFrame = FrameArena.FrameBytes / Bytes;

    /// <summary>Chunks of a frame that zpages may use.</summary>
    public const int Usable = PerFrame - 1;

    /// <summary>The largest zpage that goes into a frame with a header, in bytes.</summary>
    public const int MaxZpageBytes = FrameArena.FrameBytes - FrameHeader.Bytes - Bytes;

    /// <summary>Chunks that a zpage needs: bytes / 64, rounded up.</summary>
    public static int Of(int bytes) => (bytes + Bytes - 1) / Bytes;

    /// <summary>Chunks free in a frame with so many in use.</summary>
    public static int Free(int first, int last) => Usable - first - last;

    /// <summary>Byte offset of a zpage in its frame.</summary>
    public static int Offset(Buddy buddy, int chunks) =>
        buddy == Buddy.First ? FrameHeader.Bytes : FrameArena.FrameBytes - (chunks * Bytes);
}
