using RemoteSwap.Client;
using RemoteSwap.LoadGen.Verification.Histories;

namespace RemoteSwap.LoadGen.Chaos.Load;

/// <summary>What the client's outcomes mean to a history.</summary>
internal static class CallEffects
{
    /// <summary>Of a store.</summary>
    public static WriteEffect Of(StoreOutcome outcome) => outcome switch
    {
        StoreOutcome.Stored or StoreOutcome.SameFilled => WriteEffect.Done,
        StoreOutcome.Stale => WriteEffect.Overtaken,
        StoreOutcome.Fenced => WriteEffect.Fenced,
        StoreOutcome.None or StoreOutcome.Invariant => WriteEffect.Unknown,
        _ => WriteEffect.Refused,
    };

    /// <summary>Of an invalidation.</summary>
    public static WriteEffect Of(InvalidateOutcome outcome) => outcome switch
    {
        InvalidateOutcome.Invalidated or InvalidateOutcome.NotFound => WriteEffect.Done,
        InvalidateOutcome.Stale => WriteEffect.Overtaken,
        InvalidateOutcome.Fenced => WriteEffect.Fenced,
        _ => WriteEffect.Unknown,
    };

    /// <summary>Of a load.</summary>
    public static SlotAnswer Of(LoadOutcome outcome) => outcome switch
    {
        LoadOutcome.Loaded => SlotAnswer.Page,
        LoadOutcome.NotFound => SlotAnswer.Empty,
        LoadOutcome.Lost => SlotAnswer.Lost,
        LoadOutcome.Corrupt => SlotAnswer.Corrupt,
        LoadOutcome.Fenced => SlotAnswer.Fenced,
        _ => SlotAnswer.Unavailable,
    };
}
