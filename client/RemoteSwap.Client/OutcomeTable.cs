namespace RemoteSwap.Client;

/// <summary>
/// The one place where numbers of the wire contract become outcomes of this library. A number that is not in a table
/// (unset, or of a newer server) is none: the caller refuses the reply.
/// </summary>
internal static class OutcomeTable
{
    /// <summary>An outcome of a store, or <see cref="StoreOutcome.None"/>.</summary>
    public static StoreOutcome Of(V1.StoreOutcome wire) => wire switch
    {
        V1.StoreOutcome.Stored => StoreOutcome.Stored,
        V1.StoreOutcome.SameFilled => StoreOutcome.SameFilled,
        V1.StoreOutcome.Stale => StoreOutcome.Stale,
        V1.StoreOutcome.TenantLimit => StoreOutcome.TenantLimit,
        V1.StoreOutcome.PoolLimit => StoreOutcome.PoolLimit,
        V1.StoreOutcome.CompressPoor => StoreOutcome.CompressPoor,
        V1.StoreOutcome.AllocFail => StoreOutcome.AllocFail,
        V1.StoreOutcome.MetadataFail => StoreOutcome.MetadataFail,
        V1.StoreOutcome.Disabled => StoreOutcome.Disabled,
        V1.StoreOutcome.Draining => StoreOutcome.Draining,
        V1.StoreOutcome.BatchAborted => StoreOutcome.BatchAborted,
        V1.StoreOutcome.Invariant => StoreOutcome.Invariant,
        V1.StoreOutcome.Fenced => StoreOutcome.Fenced,
        V1.StoreOutcome.PageQuota => StoreOutcome.PageQuota,
        _ => StoreOutcome.None,
    };

    /// <summary>An outcome of a load, or <see cref="LoadOutcome.None"/>.</summary>
    public static LoadOutcome Of(V1.LoadOutcome wire) => wire switch
    {
        V1.LoadOutcome.Loaded => LoadOutcome.Loaded,
        V1.LoadOutcome.NotFound => LoadOutcome.NotFound,
        V1.LoadOutcome.Corrupt => LoadOutcome.Corrupt,
        V1.LoadOutcome.IoError => LoadOutcome.IoError,
        V1.LoadOutcome.Invariant => LoadOutcome.Invariant,
        V1.LoadOutcome.Fenced => LoadOutcome.Fenced,
        V1.LoadOutcome.Lost => LoadOutcome.Lost,

        // Lost to who has no such page; the generation tells it from a page that nobody has.
        V1.LoadOutcome.Evicted => LoadOutcome.Lost,
        _ => LoadOutcome.None,
    };

    /// <summary>An outcome of an invalidation, or <see cref="InvalidateOutcome.None"/>.</summary>
    public static InvalidateOutcome Of(V1.InvalidateOutcome wire) => wire switch
    {
        V1.InvalidateOutcome.Invalidated => InvalidateOutcome.Invalidated,
        V1.InvalidateOutcome.NotFound => InvalidateOutcome.NotFound,
        V1.InvalidateOutcome.Stale => InvalidateOutcome.Stale,
        V1.InvalidateOutcome.Invariant => InvalidateOutcome.Invariant,
        V1.InvalidateOutcome.Fenced => InvalidateOutcome.Fenced,
        _ => InvalidateOutcome.None,
    };

    /// <summary>An outcome of a reclaim, or <see cref="ReclaimOutcome.None"/>.</summary>
    public static ReclaimOutcome Of(V1.ReclaimOutcome wire) => wire switch
    {
        V1.ReclaimOutcome.Freed => ReclaimOutcome.Freed,
        V1.ReclaimOutcome.NothingToReclaim => ReclaimOutcome.NothingToReclaim,
        V1.ReclaimOutcome.TryAgain => ReclaimOutcome.TryAgain,
        V1.ReclaimOutcome.Invariant => ReclaimOutcome.Invariant,
        _ => ReclaimOutcome.None,
    };

    /// <summary>An outcome of an attach, or <see cref="AttachOutcome.None"/>.</summary>
    public static AttachOutcome Of(V1.AttachOutcome wire) => wire switch
    {
        V1.AttachOutcome.Attached => AttachOutcome.Attached,
        V1.AttachOutcome.Resumed => AttachOutcome.Resumed,
        V1.AttachOutcome.Held => AttachOutcome.Held,
        V1.AttachOutcome.Fenced => AttachOutcome.Fenced,
        V1.AttachOutcome.WrongToken => AttachOutcome.WrongToken,
        _ => AttachOutcome.None,
    };

    /// <summary>An encoding, or <see cref="Codec.ZpageEncoding.None"/>.</summary>
    public static Codec.ZpageEncoding Of(V1.Encoding wire) => wire switch
    {
        V1.Encoding.Lz4 => Codec.ZpageEncoding.Lz4,
        V1.Encoding.Raw => Codec.ZpageEncoding.Raw,
        V1.Encoding.Fill => Codec.ZpageEncoding.Fill,
        V1.Encoding.Sealed => Codec.ZpageEncoding.Sealed,
        _ => Codec.ZpageEncoding.None,
    };

    /// <summary>An encoding's number on the wire.</summary>
    public static V1.Encoding Of(Codec.ZpageEncoding encoding) => encoding switch
    {
        Codec.ZpageEncoding.Lz4 => V1.Encoding.Lz4,
        Codec.ZpageEncoding.Raw => V1.Encoding.Raw,
        Codec.ZpageEncoding.Fill => V1.Encoding.Fill,
        Codec.ZpageEncoding.Sealed => V1.Encoding.Sealed,
        _ => V1.Encoding.Unspecified,
    };
}
