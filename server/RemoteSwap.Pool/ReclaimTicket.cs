namespace RemoteSwap.Pool;

/// <summary>
/// A frame that a reclaimer has taken off the lists, with the handles that it held at that moment. A handle may have
/// been freed since, even freed and reused elsewhere: whoever acts on it checks it first (KERNEL B22).
/// </summary>
/// <param name="Frame">The frame under reclaim.</param>
/// <param name="First">The first zpage, or none.</param>
/// <param name="Last">The last zpage, or none.</param>
public readonly record struct ReclaimTicket(FrameNumber Frame, ZbudHandle First, ZbudHandle Last);
