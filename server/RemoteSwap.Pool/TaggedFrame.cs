namespace RemoteSwap.Pool;

/// <summary>
/// A frame number with a tag bit that names the buddy (KERNEL R6): where a zpage lies now. Look-up masks the tag off;
/// migration rewrites the frame and keeps the tag.
/// </summary>
/// <param name="Value">Bit 0: the buddy. Bits 1 to 31: the frame.</param>
internal readonly record struct TaggedFrame(uint Value)
{
    public TaggedFrame(FrameNumber frame, Buddy buddy)
        : this((frame.Value << 1) | (uint)buddy)
    {
    }

    public FrameNumber Frame => new(Value >> 1);

    public Buddy Buddy => (Buddy)(Value & 1);
}
