namespace RemoteSwap.Store;

/// <summary>What the store as a whole may use. A change applies at the next start.</summary>
public sealed record StoreOptions
{
    /// <summary>
    /// Memory that all tenants together may use, in bytes: frames of zpages, of index and of handles. Default 1 GiB; at
    /// least 1 MiB. It is reserved as address space at the start and used as pages come.
    /// </summary>
    public long LimitBytes { get; init; } = 1L << 30;

    /// <summary>
    /// After the limit was hit, new pages are taken again at or below this share of it, in percent. Default 90.
    /// </summary>
    public int AcceptThresholdPercent { get; init; } = 90;

    /// <summary>
    /// Free memory that is kept for the next page instead of being given back, in bytes. Default 16 MiB.
    /// </summary>
    public long WarmBytes { get; init; } = 16L << 20;

    /// <summary>
    /// Whether the system may back memory with pages of 2 MiB. Default true: a page costs up to a fifth less time.
    /// False makes memory that is given back in parts free for others at once, instead of when the system needs it.
    /// </summary>
    public bool HugePages { get; init; } = true;

    /// <summary>
    /// After how long without a request the owner of an area counts as gone, its area as an orphan. Default 15 s. Has
    /// no effect on pages.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long an orphan's pages are kept for its owner to come back, after its lease. Default 1 h. Then they are
    /// dropped.
    /// </summary>
    public TimeSpan AbandonedFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How much the scrubber reads a second to compare pages with their checksums, in bytes. Default 32 MiB; 0: it does
    /// not run.
    /// </summary>
    public long ScrubBytesPerSecond { get; init; } = 32L << 20;

    /// <summary>
    /// When a spilled page that is loaded comes back to memory, if its tenant and the server are below their accept
    /// thresholds. Default Second.
    /// </summary>
    public PromotePolicy Promote { get; init; } = PromotePolicy.Second;

    /// <summary>
    /// Half-empty frames of a shard are merged in the background when they are more than this share of its frames, in
    /// percent, and enough of them fit together. Default 20; 0 to 99; 0: never. Pages stay where clients find them.
    /// </summary>
    public int CompactAbovePercent { get; init; } = 20;

    /// <summary>
    /// For tests: overwrite freed frames and check that nobody writes to them. Default false; costs speed.
    /// </summary>
    public bool PoisonFreedFrames { get; init; }
}
