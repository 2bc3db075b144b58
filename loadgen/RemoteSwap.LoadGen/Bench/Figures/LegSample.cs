namespace RemoteSwap.LoadGen.Bench.Figures;

/// <summary>One leg in one round.</summary>
internal sealed record LegSample
{
    /// <summary>Why there are no figures; null: there are.</summary>
    public string? Error { get; init; }

    /// <summary>Pages done.</summary>
    public long Pages { get; init; }

    /// <summary>Time that it took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Processor time of the client process, in seconds.</summary>
    public double ClientCpuSeconds { get; init; }

    /// <summary>Processor time of the server process, in seconds; null where there is none.</summary>
    public double? ServerCpuSeconds { get; init; }

    /// <summary>Latency of a call that half of them do not exceed, in microseconds.</summary>
    public double P50Us { get; init; }

    /// <summary>The same for 99 of 100.</summary>
    public double P99Us { get; init; }

    /// <summary>The same for 999 of 1,000.</summary>
    public double P999Us { get; init; }

    /// <summary>The longest.</summary>
    public double MaxUs { get; init; }

    /// <summary>What a compaction did meanwhile; null: there was none.</summary>
    public CompactFigures? Compact { get; init; }

    /// <summary>Bytes that the server allocated on its managed heap; null where unknown.</summary>
    public double? ServerAllocatedBytes { get; init; }

    /// <summary>Collections of the server's whole managed heap; null where unknown.</summary>
    public double? ServerFullCollections { get; init; }

    /// <summary>The most by which the server's resident memory grew meanwhile, in bytes; null where unknown.</summary>
    public long? ServerGrowthBytes { get; init; }

    /// <summary>Pages that were not stored or not loaded.</summary>
    public long BadPages { get; init; }

    /// <summary>Pages a second.</summary>
    public double PagesPerSecond => Seconds > 0 ? Pages / Seconds : 0;

    /// <summary>Processor time of the client, in microseconds a page.</summary>
    public double ClientCpuUs => Pages > 0 ? ClientCpuSeconds * 1e6 / Pages : 0;

    /// <summary>Processor time of the server, in microseconds a page; null where there is none.</summary>
    public double? ServerCpuUs => Pages > 0 ? ServerCpuSeconds * 1e6 / Pages : null;

    /// <summary>Processor time of both, in microseconds a page.</summary>
    public double CpuUs => ClientCpuUs + (ServerCpuUs ?? 0);

    /// <summary>Bytes allocated by the server for a page; null where unknown.</summary>
    public double? ServerAllocatedPerPage => Pages > 0 ? ServerAllocatedBytes / Pages : null;
}
