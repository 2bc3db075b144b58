using RemoteSwap.V1;

namespace RemoteSwap.LoadGen.Statistics;

/// <summary>What a server said of some tenants and of itself at a moment. All sizes in bytes.</summary>
internal sealed record ServerSnapshot
{
    /// <summary>Pages stored.</summary>
    public long StoredPages { get; init; }

    /// <summary>Of them same-filled, without a frame.</summary>
    public long SameFilledPages { get; init; }

    /// <summary>Of them incompressible, each in a frame of its own.</summary>
    public long IncompressiblePages { get; init; }

    /// <summary>Of them in the spill file.</summary>
    public long SpilledPages { get; init; }

    /// <summary>Frames freed by reclaim since the start.</summary>
    public long ReclaimedFrames { get; init; }

    /// <summary>Loads from the spill file since the start.</summary>
    public long SpillLoads { get; init; }

    /// <summary>Frames that hold zpages.</summary>
    public long Frames { get; init; }

    /// <summary>Memory of index entries and handles.</summary>
    public long IndexBytes { get; init; }

    /// <summary>Memory of frames, index and handles.</summary>
    public long UsedBytes { get; init; }

    /// <summary>Zpages in memory.</summary>
    public long ZpageBytes { get; init; }

    /// <summary>Resident memory of the server's process.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>Managed heap of the server's process.</summary>
    public long ManagedHeapBytes { get; init; }

    /// <summary>Processor time of the server's process, in seconds.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Version of the server.</summary>
    public string Version { get; init; } = string.Empty;

    /// <summary>Sums up tenants.</summary>
    /// <param name="reply">What the server said.</param>
    /// <param name="names">The tenants of this run.</param>
    public static ServerSnapshot Of(ListTenantsResponse reply, IReadOnlyCollection<string> names)
    {
        TenantStatistics[] tenants =
            [.. reply.Tenants.Where(tenant => names.Contains(tenant.Tenant, StringComparer.Ordinal))];
        return new ServerSnapshot
        {
            StoredPages = tenants.Sum(tenant => (long)tenant.StoredPages),
            SameFilledPages = tenants.Sum(tenant => (long)tenant.SameFilledPages),
            IncompressiblePages = tenants.Sum(tenant => (long)tenant.StoredIncompressiblePages),
            SpilledPages = tenants.Sum(tenant => (long)tenant.SpilledPages),
            ReclaimedFrames = tenants.Sum(tenant => (long)tenant.ReclaimedFrames),
            SpillLoads = tenants.Sum(tenant => (long)tenant.SpillLoads),
            Frames = tenants.Sum(tenant => (long)tenant.PoolFrames),
            IndexBytes = tenants.Sum(tenant => (long)tenant.IndexBytes),
            UsedBytes = tenants.Sum(tenant => (long)tenant.UsedBytes),
            ZpageBytes = tenants.Sum(tenant => (long)tenant.ZpageBytes),
            ResidentBytes = (long)(reply.Server?.ResidentBytes ?? 0),
            ManagedHeapBytes = (long)(reply.Server?.ManagedHeapBytes ?? 0),
            CpuSeconds = reply.Server?.CpuSeconds ?? 0,
            Version = reply.Server?.Version ?? string.Empty,
        };
    }
}
