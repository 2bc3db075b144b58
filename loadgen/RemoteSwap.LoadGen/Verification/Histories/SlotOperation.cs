namespace RemoteSwap.LoadGen.Verification.Histories;

/// <summary>
/// A store or an invalidation of one slot, and when it may have had its effect. Guarded by its history.
/// </summary>
internal sealed class SlotOperation
{
    /// <summary>A time that has not come.</summary>
    public const long Never = long.MaxValue;

    /// <summary>What it makes of the slot; a refused store becomes <see cref="SlotOperationKind.Empty"/>.</summary>
    public required SlotOperationKind Kind { get; set; }

    /// <summary>For a store: which page.</summary>
    public ulong Content { get; init; }

    /// <summary>Whose: owners are counted from 1.</summary>
    public int Session { get; init; }

    /// <summary>When its call began.</summary>
    public required long Invoked { get; init; }

    /// <summary>
    /// When its call ended, whichever way. What is invoked later has a newer generation, and so supersedes it.
    /// </summary>
    public long Ended { get; set; } = Never;

    /// <summary>From when on it has had its effect or never will.</summary>
    public long Settled { get; set; } = Never;

    /// <summary>A load that begins later must not answer with it.</summary>
    public long HiddenSince { get; set; } = Never;

    /// <summary>What became of it, for people.</summary>
    public string Outcome { get; set; } = "under way";

    /// <summary>Notes that it is hidden from a time on, if it is not already.</summary>
    public void Hide(long now) => HiddenSince = Math.Min(HiddenSince, now);
}
