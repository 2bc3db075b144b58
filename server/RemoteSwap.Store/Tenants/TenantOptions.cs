namespace RemoteSwap.Store;

/// <summary>What one tenant may do. A change applies at the next start, but for what the admin service sets.</summary>
public sealed record TenantOptions
{
    /// <summary>
    /// Memory that the tenant may use, in bytes: frames of zpages, of index and of handles. Default: the server's
    /// limit. Lowering it keeps stored pages and refuses new ones until usage is below the accept threshold.
    /// </summary>
    public long? LimitBytes { get; init; }

    /// <summary>
    /// Memory that is the tenant's own, in bytes, whoever else floods the server: set aside from the server's limit at
    /// the start, and never reclaimed for others. Default 0; at most the tenant's limit, and all guarantees together at
    /// most the server's. Stored pages are not touched.
    /// </summary>
    public long GuaranteeBytes { get; init; }

    /// <summary>
    /// What the tenant keeps of memory beyond guarantees, beside others, when the server is full: tenants give in
    /// proportion to what they use beyond their guarantee, divided by their weight. 1 to 10,000; default 100.
    /// </summary>
    public int Weight { get; init; } = 100;

    /// <summary>
    /// After the limit was hit, new pages are taken again at or below this share of it, in percent, 1 to 100; of what
    /// is guaranteed nothing is counted. Default 90. 100 switches the hysteresis off. Stored pages are not touched.
    /// </summary>
    public int AcceptThresholdPercent { get; init; } = 90;

    /// <summary>Whether new pages are taken. Default true. Loads and invalidations are served always.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What to do with pages that do not compress. Default Keep. Stored pages are not touched.</summary>
    public IncompressiblePolicy Incompressible { get; init; } = IncompressiblePolicy.Keep;

    /// <summary>
    /// Where reclaim puts pages first, where both are to be had: the clients that take them, or the spill file. Default
    /// ClientFirst. Pages that are somewhere already stay there.
    /// </summary>
    public WritebackOrder Writeback { get; init; } = WritebackOrder.ClientFirst;

    /// <summary>
    /// Whether reclaim writes the tenant's pages to the writeback target (Persistent, the default) or drops them
    /// (Ephemeral: the tenant is a cache). Stored pages are treated as the setting of now says.
    /// </summary>
    public Retention Retention { get; init; }

    /// <summary>What the tenant may use beside memory. Default: no bounds. Stored pages stay.</summary>
    public TenantQuotas Quotas { get; init; } = TenantQuotas.None;

    /// <summary>How many areas the tenant has, 1 to 65,536; they are numbered from 0. Default 1,024.</summary>
    public int Areas { get; init; } = 1024;

    /// <summary>Slots of each area, 1 to 2^32. Default 2^28: 1 TiB. An area costs only what is stored in it.</summary>
    public long AreaSlots { get; init; } = 1L << 28;

    /// <summary>
    /// How many shards the tenant has, 1 to 64: its slabs are spread over them, each with a lock and a pool of its own.
    /// Default 4. More shards let more cores work at once and leave a few more half-empty frames.
    /// </summary>
    public int Shards { get; init; } = 4;
}
