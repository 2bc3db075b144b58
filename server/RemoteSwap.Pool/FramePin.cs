namespace RemoteSwap.Pool;

/// <summary>
/// A token that holds a zpage's bytes in place (KERNEL R10). It is given back by itself, never by the key that led to
/// it: by then the key may lead elsewhere (Kozlowski's defect in v3).
/// </summary>
public readonly record struct FramePin
{
    internal FramePin(TaggedFrame place, ZbudHandle handle)
    {
        Place = place;
        Handle = handle;
    }

    /// <summary>The frame; it does not move while pinned.</summary>
    public FrameNumber Frame => Place.Frame;

    /// <summary>The handle it was pinned by; it may be stale when the pin ends.</summary>
    public ZbudHandle Handle { get; }

    internal TaggedFrame Place { get; }
}
