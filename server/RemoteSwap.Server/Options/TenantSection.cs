using RemoteSwap.Store;

namespace RemoteSwap.Server.Options;

/// <summary>Section "Tenants:NAME": what one tenant may do.</summary>
internal sealed class TenantSection
{
    /// <summary>
    /// Memory that the tenant may use. Default: the server's limit; at least 1MiB. Stored pages stay.
    /// </summary>
    public string Limit { get; set; } = "";

    /// <summary>
    /// Memory that is the tenant's own, whoever floods the server: set aside at the start, never reclaimed for others.
    /// Default 0; at most its limit, all together at most the server's. Stored pages stay.
    /// </summary>
    public string Guarantee { get; set; } = "0";

    /// <summary>
    /// What the tenant keeps of memory beyond guarantees when the server is full, beside others: they give in
    /// proportion to what they use beyond their guarantee, divided by this. 1 to 10,000. Default 100.
    /// </summary>
    public int Weight { get; set; } = 100;

    /// <summary>
    /// Persistent: pages are kept until they are forgotten. Ephemeral: the tenant is a cache, reclaim drops its pages
    /// and writes none. Default Persistent. Stored pages are treated as the setting of now says.
    /// </summary>
    public Retention Retention { get; set; } = Retention.Persistent;

    /// <summary>
    /// After the limit was hit, new pages are taken again at or below this share of it, in percent. Default 90.
    /// </summary>
    public int AcceptThresholdPercent { get; set; } = 90;

    /// <summary>Whether new pages are taken. Default true. Loads and invalidations are served always.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Pages that do not compress: Keep them in a frame of their own, Spill them before others when memory is
    /// reclaimed, or Reject. Default Keep.
    /// </summary>
    public IncompressiblePolicy Incompressible { get; set; } = IncompressiblePolicy.Keep;

    /// <summary>
    /// Where reclaim puts pages first, where a client takes pages and there is a spill file: ClientFirst or SpillFirst.
    /// Default ClientFirst. Pages that are somewhere already stay there.
    /// </summary>
    public WritebackOrder Writeback { get; set; } = WritebackOrder.ClientFirst;

    /// <summary>What the tenant may use beside memory; what is empty is as section "Quotas" says.</summary>
    public QuotaSection Quotas { get; set; } = new();

    /// <summary>How many areas (swap devices) the tenant has, 1 to 65,536. Default 1,024.</summary>
    public int Areas { get; set; } = 1024;

    /// <summary>Size of each area, 4KiB to 16TiB. Default 1TiB. An area costs only what is stored in it.</summary>
    public string AreaSize { get; set; } = "1TiB";

    /// <summary>How many shards the tenant has, 1 to 64. Default 4.</summary>
    public int Shards { get; set; } = 4;
}
