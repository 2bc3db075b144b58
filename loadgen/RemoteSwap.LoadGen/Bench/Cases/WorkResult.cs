namespace RemoteSwap.LoadGen.Bench.Cases;

/// <summary>What a worker found; one line of JSON for each job.</summary>
internal sealed record WorkResult
{
    /// <summary>Why the job failed; null: it did not, and the figures are good.</summary>
    public string? Error { get; init; }

    /// <summary>Pages stored, loaded, pinged, copied.</summary>
    public long Pages { get; init; }

    /// <summary>Time that it took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Processor time of the whole worker process, in seconds.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Latency of a call that half of them do not exceed, in microseconds; 0 without calls.</summary>
    public double P50Us { get; init; }

    /// <summary>The same for 99 of 100.</summary>
    public double P99Us { get; init; }

    /// <summary>The same for 999 of 1,000.</summary>
    public double P999Us { get; init; }

    /// <summary>The longest.</summary>
    public double MaxUs { get; init; }

    /// <summary>Pages that were not stored or not loaded.</summary>
    public long BadPages { get; init; }

    /// <summary>Mean bytes of a zpage, where the worker knows.</summary>
    public double ZpageBytes { get; init; }
}
