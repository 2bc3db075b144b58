namespace RemoteSwap.Server.Options;

/// <summary>Section "Store": memory of all tenants together. Nothing here touches pages that are stored.</summary>
internal sealed class StoreSection
{
    /// <summary>
    /// Memory that all tenants may use: frames of zpages, of index and of handles. Default 1GiB; 1MiB to 4TiB. Reserved
    /// as address space at the start, used as pages come.
    /// </summary>
    public string Limit { get; set; } = "1GiB";

    /// <summary>
    /// After the limit was hit, new pages are taken again at or below this share of it, in percent. Default 90.
    /// </summary>
    public int AcceptThresholdPercent { get; set; } = 90;

    /// <summary>Free memory that is kept instead of being given back to the system. Default 16MiB.</summary>
    public string Warm { get; set; } = "16MiB";

    /// <summary>
    /// Whether the system may back memory with pages of 2 MiB, if it can. Default true: a page costs up to a fifth less
    /// time. With false, memory that is given back in parts is free for others at once, and not only when the system
    /// needs it.
    /// </summary>
    public bool HugePages { get; set; } = true;

    /// <summary>
    /// After how long without a request the owner of an area counts as gone, and its area as an orphan. Default 15s; 1s
    /// to 1h. Clients say something three times as often.
    /// </summary>
    public string Lease { get; set; } = "15s";

    /// <summary>
    /// How long the pages of an orphan are kept for its owner to come back, after its lease. Default 1h; 1s to 168h.
    /// Then they are dropped.
    /// </summary>
    public string AbandonedFor { get; set; } = "1h";

    /// <summary>
    /// How much is read a second to find corrupt pages before a client asks for them, in memory and in the spill file.
    /// Default 32MiB; 0 to 64GiB; 0: nothing is. A pass over all pages takes a minute at least.
    /// </summary>
    public string ScrubRate { get; set; } = "32MiB";

    /// <summary>
    /// Half-empty frames are merged in the background when they are more than this share of a shard's frames, in
    /// percent, and enough of them fit together. Default 20; 0 to 99; 0: only the admin call Compact merges. Pages stay
    /// where clients find them; no Load waits for longer than one merge, a few microseconds.
    /// </summary>
    public int CompactAbovePercent { get; set; } = 20;

    /// <summary>
    /// When the machine, or the server's control group, is short of memory the server lowers Limit by itself, down to
    /// this share of it, in percent, and raises it again when that is over. Default 25; 1 to 100; 100: it does not.
    /// Pages above the lowered limit are spilled where there is a spill file, else they stay and new ones are refused.
    /// </summary>
    public int FloorPercent { get; set; } = 25;
}
