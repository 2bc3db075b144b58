namespace RemoteSwap.Server.Options;

/// <summary>
/// Sections "Quotas", for every tenant, and "Tenants:NAME:Quotas", for one: what a tenant may use beside memory. Empty,
/// the default: as section "Quotas" says, and there no bound; 0: no bound. Stored pages and open streams stay, also
/// above a new quota.
/// </summary>
internal sealed class QuotaSection
{
    /// <summary>Areas that may have an owner at a time; a further attach is refused.</summary>
    public string Areas { get; set; } = "";

    /// <summary>
    /// Pages that may be stored at a time; a further one is refused, one that replaces another is not. To a swap device
    /// that is a disk without space, as a full pool is.
    /// </summary>
    public string Pages { get; set; } = "";

    /// <summary>
    /// Exchange streams at a time. Requests on a further one are refused, which a swap device takes for I/O errors: a
    /// device opens 4, or what its --streams says, so give each device so many.
    /// </summary>
    public string Streams { get; set; } = "";

    /// <summary>
    /// Bytes of requests under way and of the replies that they may have, such as 64MiB; a further call is refused. A
    /// stream has at most 8MiB under way, so 8MiB for each stream refuses nobody who keeps to its window.
    /// </summary>
    public string InFlight { get; set; } = "";

    /// <summary>
    /// Calls (Store, Load, Invalidate of any size) a second. Answers to calls that come faster are held back, for 5 s
    /// at most, so that a swap device is slow and sees no errors; beyond that they are refused. A device's full queue,
    /// 64 calls a stream, should take less than its --timeout.
    /// </summary>
    public string CallsPerSecond { get; set; } = "";

    /// <summary>Calls that may come at once after a quiet time. 0: those of one second.</summary>
    public string CallBurst { get; set; } = "";

    /// <summary>
    /// Bytes a second, such as 100MiB: of requests, and 4 KiB for each page that is asked for. Held back and refused as
    /// calls are; as many may come at once after a quiet time.
    /// </summary>
    public string BytesPerSecond { get; set; } = "";
}
