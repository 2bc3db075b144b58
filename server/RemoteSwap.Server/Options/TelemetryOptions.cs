namespace RemoteSwap.Server.Options;

/// <summary>Section "Telemetry" as values, all of them checked.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>Series that one metric may have before OpenTelemetry adds further ones up unseen.</summary>
    public const int MaxSeries = 2000;

    /// <summary>Series that the widest metric has for each tenant: one for each outcome of each operation.</summary>
    public const int SeriesPerTenant = 27;

    /// <summary>The most tenants that metrics can name.</summary>
    public const int MaxTenants = MaxSeries / SeriesPerTenant;

    /// <summary>The most tenants that can be named beside those that are added up.</summary>
    public const int MaxTopTenants = MaxTenants - 1;

    public required bool Prometheus { get; init; }

    public required TenantTag TenantTag { get; init; }

    public required int TopTenants { get; init; }

    public required bool ExponentialHistograms { get; init; }

    public required bool Exemplars { get; init; }

    public required double TraceRatio { get; init; }
}
