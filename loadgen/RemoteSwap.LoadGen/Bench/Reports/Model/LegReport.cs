namespace RemoteSwap.LoadGen.Bench.Reports.Model;

/// <summary>One leg. Figures that do not apply are null.</summary>
internal sealed record LegReport
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What was done.</summary>
    public required string Work { get; init; }

    /// <summary>exchange, unary, device, peer or none.</summary>
    public required string Transport { get; init; }

    /// <summary>Zpages or RawPages.</summary>
    public required string Payload { get; init; }

    /// <summary>Pages of a call.</summary>
    public required int Batch { get; init; }

    /// <summary>Streams; 0: unary calls.</summary>
    public required int Streams { get; init; }

    /// <summary>Calls, threads or connections at a time.</summary>
    public required int Callers { get; init; }

    /// <summary>Pages of the working set.</summary>
    public required long StoredPages { get; init; }

    /// <summary>Areas of each tenant.</summary>
    public required int Areas { get; init; }

    /// <summary>Tenants.</summary>
    public required int Tenants { get; init; }

    /// <summary>Bytes of a zpage, blob or ping page.</summary>
    public required int PageBytes { get; init; }

    /// <summary>Why it failed; null: it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Pages that were refused, lost or came back wrong, all rounds together.</summary>
    public long BadPages { get; init; }

    /// <summary>Pages a second.</summary>
    public SpreadReport? PagesPerSecond { get; init; }

    /// <summary>Latency of a call: half are at most this long.</summary>
    public SpreadReport? P50Us { get; init; }

    /// <summary>The same for 99 of 100.</summary>
    public SpreadReport? P99Us { get; init; }

    /// <summary>The same for 999 of 1,000.</summary>
    public SpreadReport? P999Us { get; init; }

    /// <summary>Processor time of the client for a page.</summary>
    public SpreadReport? ClientCpuUs { get; init; }

    /// <summary>Processor time of the server for a page.</summary>
    public SpreadReport? ServerCpuUs { get; init; }

    /// <summary>Bytes that the server allocated for a page.</summary>
    public SpreadReport? ServerAllocatedBytesPerPage { get; init; }

    /// <summary>Collections of the server's whole heap.</summary>
    public SpreadReport? ServerFullCollections { get; init; }

    /// <summary>The most by which the server's resident memory grew.</summary>
    public SpreadReport? ServerGrowthBytes { get; init; }
}
