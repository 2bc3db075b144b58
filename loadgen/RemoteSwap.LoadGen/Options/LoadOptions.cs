using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Options;

/// <summary>Everything that a run is told, checked.</summary>
internal sealed record LoadOptions
{
    /// <summary>Pages of a run without arguments: 256 MiB.</summary>
    public const long DefaultPages = 65_536;

    /// <summary>
    /// Most slots of all tenants together; what a verifier remembers of them fits in memory (4 bytes each).
    /// </summary>
    public const long MaxSlots = 1L << 30;

    /// <summary>The server; null: one is started in this process.</summary>
    public ServerEndpoint? Server { get; init; }

    /// <summary>How the server is known and who we are; null: without TLS.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>The file with the token; null: none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The tenants, at least one.</summary>
    public required IReadOnlyList<string> Tenants { get; init; }

    /// <summary>The area that each tenant's pages go to.</summary>
    public uint Area { get; init; }

    /// <summary>
    /// Whether pages that a tenant of a running server already stores may be overwritten and dropped.
    /// </summary>
    public bool Overwrite { get; init; }

    /// <summary>Workers of each tenant, 1 to 1,024; each has one call on the way.</summary>
    public int Workers { get; init; }

    /// <summary>Pages of a call, 1 to 512.</summary>
    public int BatchPages { get; init; }

    /// <summary>Pages to swap out, over all tenants; null: as many as suit the machine.</summary>
    public long? Pages { get; init; }

    /// <summary>Slots of each tenant's area; null: as many as the tenant has pages.</summary>
    public long? AreaSlots { get; init; }

    /// <summary>Loads of a hundred operations of the mixed phase.</summary>
    public int ReadPercent { get; init; }

    /// <summary>Order of slots in the mixed phase.</summary>
    public DistributionKind Distribution { get; init; }

    /// <summary>Share of slots in the hot set of <see cref="DistributionKind.Scan"/>, 1 to 99.</summary>
    public int HotPercent { get; init; }

    /// <summary>Where pages come from, in equal shares as far as each has pages.</summary>
    public required IReadOnlyList<SourceSpec> Sources { get; init; }

    /// <summary>Length of the mixed phase; null when <see cref="MixedPages"/> bounds it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Pages of the mixed phase; 0: no such phase; null when <see cref="Duration"/> bounds it.</summary>
    public long? MixedPages { get; init; }

    /// <summary>Open loop: pages a second that start over all workers; null: closed loop.</summary>
    public double? RatePagesPerSecond { get; init; }

    /// <summary>Where all random choices start.</summary>
    public ulong Seed { get; init; }

    /// <summary>Limit of the server in this process; null: enough for every page.</summary>
    public ByteSize? Memory { get; init; }

    /// <summary>
    /// Folder of the spill file of the server in this process; the areas are attached then. Null: none.
    /// </summary>
    public string? SpillFolder { get; init; }

    /// <summary>Whether refused pages are part of the experiment and no failure.</summary>
    public bool AllowRefusals { get; init; }

    /// <summary>Results as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Where the HTML report goes; null: none.</summary>
    public string? HtmlPath { get; init; }

    /// <summary>Prefix of the HdrHistogram percentile files; null: none.</summary>
    public string? HgrmPrefix { get; init; }

    /// <summary>No progress.</summary>
    public bool Quiet { get; init; }

    /// <summary>No colours.</summary>
    public bool NoColor { get; init; }

    /// <summary>How the library connects.</summary>
    /// <param name="address">Where gRPC is served.</param>
    /// <param name="tenant">The tenant.</param>
    public RemoteSwapClientOptions ClientOptions(Uri address, string tenant) =>
        new() { Address = address, Tenant = tenant, Tls = Tls, TokenFile = TokenFile };

    /// <summary>
    /// Pages for a machine: the default, or fewer where an eighth of the memory does not hold them (they are kept twice
    /// in this process, as sources and as zpages).
    /// </summary>
    /// <param name="availableBytes">Memory that the process may use.</param>
    public long PagesFor(long availableBytes) =>
        Pages ?? Math.Clamp(availableBytes / 8 / PageSize.Bytes, 1_024, DefaultPages);
}
