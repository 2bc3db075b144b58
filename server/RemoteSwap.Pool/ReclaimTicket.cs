namespace RemoteSwap.Pool;

/// <summary>
/// A frame that a reclaimer has taken off the lists, with the handles that it held at that moment. A handle may have
/// been freed since, even freed and reused elsewhere: whoever acts on it checks it first (KERNEL B22).
/// </summary>
/// <param name="Frame">The frame under reclaim.</param>
/// <param name="First">The first zpage, or none.</param>
/// <param name="Last">The last zpage, or none.</param>
public readonly record struct ReclaimTicket(FrameNumber Frame, ZbudHandle First, ZbudHandle Last)
{
    /// <summary>How many zpages it held, 0 to 2.</summary>
    public int Zpages => (First.IsNone ? 0 : 1) + (Last.IsNone ? 0 : 1);
}
