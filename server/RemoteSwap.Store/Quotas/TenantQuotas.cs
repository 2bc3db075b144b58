namespace RemoteSwap.Store;

/// <summary>
/// What a tenant may use beside memory; of each, 0 is no bound. A change applies at once to what comes: what is there
/// stays, also above a new quota.
/// </summary>
public sealed record TenantQuotas
{
    /// <summary>The greatest number that a quota may have.</summary>
    public const long Most = 1L << 50;

    /// <summary>No bounds.</summary>
    public static TenantQuotas None { get; } = new();

    /// <summary>Areas that may have an owner at a time. Default 0.</summary>
    public long Areas { get; init; }

    /// <summary>
    /// Pages that may be stored at a time, in memory and in the spill file. A page that replaces one is always let in.
    /// It may be exceeded by as many pages as are stored at the same moment on other threads. Default 0.
    /// </summary>
    public long Pages { get; init; }

    /// <summary>Exchange streams at a time. A client opens four unless it is told otherwise. Default 0.</summary>
    public long Streams { get; init; }

    /// <summary>Bytes of requests under way and of the replies that they may have. Default 0.</summary>
    public long InFlightBytes { get; init; }

    /// <summary>Calls a second: Store, Load, Invalidate, of whatever size. Default 0.</summary>
    public long CallsPerSecond { get; init; }

    /// <summary>Calls that may come at once after a quiet time; 0: those of one second. Default 0.</summary>
    public long CallBurst { get; init; }

    /// <summary>
    /// Bytes a second: of requests, and 4,096 for each page that is asked for. As many may come at once after a quiet
    /// time. Default 0.
    /// </summary>
    public long BytesPerSecond { get; init; }

    /// <summary>The bound of a kind; 0: none.</summary>
    public long Of(QuotaKind kind) => kind switch
    {
        QuotaKind.Areas => Areas,
        QuotaKind.Pages => Pages,
        QuotaKind.Streams => Streams,
        QuotaKind.InFlightBytes => InFlightBytes,
        QuotaKind.CallRate => CallsPerSecond,
        QuotaKind.ByteRate => BytesPerSecond,
        _ => 0,
    };
}
