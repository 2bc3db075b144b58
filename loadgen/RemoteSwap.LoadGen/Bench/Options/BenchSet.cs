namespace RemoteSwap.LoadGen.Bench.Options;

/// <summary>A question that the benchmark answers.</summary>
internal enum BenchSet
{
    /// <summary>The figures that count, next to their ceilings and goals.</summary>
    Headline,

    /// <summary>Store, load and mixed in all shapes of batches, streams and pages.</summary>
    Shapes,

    /// <summary>The same figures with more pages, areas, tenants and callers.</summary>
    Growth,

    /// <summary>Latency of single pages, idle and loaded.</summary>
    Latency,

    /// <summary>Clients that do not behave, beside one that does.</summary>
    Hostile,

    /// <summary>Tenants within their guarantees, beside one that floods the server.</summary>
    Fairness,

    /// <summary>The same work with all telemetry on, and without.</summary>
    Telemetry,

    /// <summary>The same work over TLS with certificates on both ends, and without.</summary>
    Tls,

    /// <summary>A minute of full load.</summary>
    Steady,

    /// <summary>Density after churn, and what compaction makes of it while loads run.</summary>
    Compact,
}
