namespace RemoteSwap.Store;

/// <summary>New limits of a tenant; what is null stays as it is.</summary>
public sealed record TenantLimits
{
    /// <summary>Memory that the tenant may use, in bytes, at least 1 MiB.</summary>
    public long? LimitBytes { get; init; }

    /// <summary>Memory that is its own, in bytes, 0 to its limit.</summary>
    public long? GuaranteeBytes { get; init; }

    /// <summary>The accept threshold, 1 to 100 percent.</summary>
    public int? AcceptThresholdPercent { get; init; }

    /// <summary>What it keeps beside others when the server is full, 1 to 10,000.</summary>
    public int? Weight { get; init; }

    /// <summary>What it may use beside memory.</summary>
    public TenantQuotas? Quotas { get; init; }
}
