using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc;

/// <summary>
/// From the store's outcomes to the wire's: the one mapping. A store outcome that has no place here does not compile
/// into a reply silently; it throws, and a test walks all of them.
/// </summary>
internal static class OutcomeTable
{
    public static V1.StoreOutcome ToWire(StoreOutcome outcome) => outcome switch
    {
        StoreOutcome.Stored => V1.StoreOutcome.Stored,
        StoreOutcome.SameFilled => V1.StoreOutcome.SameFilled,
        StoreOutcome.Stale => V1.StoreOutcome.Stale,
        StoreOutcome.TenantLimit => V1.StoreOutcome.TenantLimit,
        StoreOutcome.PoolLimit => V1.StoreOutcome.PoolLimit,
        StoreOutcome.CompressPoor => V1.StoreOutcome.CompressPoor,
        StoreOutcome.AllocFail => V1.StoreOutcome.AllocFail,
        StoreOutcome.MetadataFail => V1.StoreOutcome.MetadataFail,
        StoreOutcome.Disabled => V1.StoreOutcome.Disabled,
        StoreOutcome.Draining => V1.StoreOutcome.Draining,
        StoreOutcome.BatchAborted => V1.StoreOutcome.BatchAborted,
        StoreOutcome.Invariant => V1.StoreOutcome.Invariant,
        StoreOutcome.Fenced => V1.StoreOutcome.Fenced,
        StoreOutcome.PageQuota => V1.StoreOutcome.PageQuota,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "no wire outcome"),
    };

    public static V1.LoadOutcome ToWire(LoadOutcome outcome) => outcome switch
    {
        LoadOutcome.Loaded => V1.LoadOutcome.Loaded,
        LoadOutcome.NotFound => V1.LoadOutcome.NotFound,
        LoadOutcome.Corrupt => V1.LoadOutcome.Corrupt,
        LoadOutcome.IoError => V1.LoadOutcome.IoError,
        LoadOutcome.Invariant => V1.LoadOutcome.Invariant,
        LoadOutcome.Fenced => V1.LoadOutcome.Fenced,
        LoadOutcome.Lost => V1.LoadOutcome.Lost,
        LoadOutcome.Evicted => V1.LoadOutcome.Evicted,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "no wire outcome"),
    };

    public static V1.InvalidateOutcome ToWire(InvalidateOutcome outcome) => outcome switch
    {
        InvalidateOutcome.Invalidated => V1.InvalidateOutcome.Invalidated,
        InvalidateOutcome.NotFound => V1.InvalidateOutcome.NotFound,
        InvalidateOutcome.Stale => V1.InvalidateOutcome.Stale,
        InvalidateOutcome.Invariant => V1.InvalidateOutcome.Invariant,
        InvalidateOutcome.Fenced => V1.InvalidateOutcome.Fenced,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "no wire outcome"),
    };

    public static V1.AttachOutcome ToWire(AttachOutcome outcome) => outcome switch
    {
        AttachOutcome.Attached => V1.AttachOutcome.Attached,
        AttachOutcome.Resumed => V1.AttachOutcome.Resumed,
        AttachOutcome.Held => V1.AttachOutcome.Held,
        AttachOutcome.Fenced => V1.AttachOutcome.Fenced,
        AttachOutcome.WrongToken => V1.AttachOutcome.WrongToken,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "no wire outcome"),
    };

    /// <summary>What became of a page that was handed out; none: the number is unknown.</summary>
    public static EvictionAnswer Of(V1.EvictionOutcome outcome) => outcome switch
    {
        V1.EvictionOutcome.Taken => EvictionAnswer.Taken,
        V1.EvictionOutcome.Superseded => EvictionAnswer.Superseded,
        V1.EvictionOutcome.Refused => EvictionAnswer.Refused,
        _ => EvictionAnswer.None,
    };

    /// <summary>How to attach; none: the number is unknown.</summary>
    public static AttachMode Of(V1.AttachMode mode) => mode switch
    {
        V1.AttachMode.Exclusive => AttachMode.Exclusive,
        V1.AttachMode.TakeOver => AttachMode.TakeOver,
        V1.AttachMode.Resume => AttachMode.Resume,
        _ => AttachMode.None,
    };

    public static V1.ReclaimOutcome ToWire(ReclaimOutcome outcome) => outcome switch
    {
        ReclaimOutcome.Freed => V1.ReclaimOutcome.Freed,
        ReclaimOutcome.NothingToReclaim => V1.ReclaimOutcome.NothingToReclaim,
        ReclaimOutcome.TryAgain => V1.ReclaimOutcome.TryAgain,
        ReclaimOutcome.Invariant => V1.ReclaimOutcome.Invariant,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "no wire outcome"),
    };
}
