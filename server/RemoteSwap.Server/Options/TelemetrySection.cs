namespace RemoteSwap.Server.Options;

/// <summary>
/// Section "Telemetry". OTLP export is on when OTEL_EXPORTER_OTLP_ENDPOINT is set, and follows the standard OTEL_
/// variables; a variable that says the same as a setting here wins over it. Nothing here touches pages.
/// </summary>
internal sealed class TelemetrySection
{
    /// <summary>Whether the management port serves /metrics for Prometheus. Default true.</summary>
    public bool Prometheus { get; set; } = true;

    /// <summary>
    /// Which tenants metrics name, in the tag remoteswap.tenant: None (figures are added up, there is no tag), Top (the
    /// TopTenants with the most memory, the rest added up as "other"; nobody may be called that then), or All. A metric
    /// can have 2,000 series and needs 27 a tenant, so All is refused for more than 74 tenants. Default Auto: All
    /// for up to so many, and Top for more.
    /// </summary>
    public TenantTag TenantTag { get; set; } = TenantTag.Auto;

    /// <summary>
    /// With TenantTag=Top: how many tenants are named. Default 50; 1 to 73. One that was named once is named until the
    /// server ends, as long as they are no more than 73 in all; who comes to the top later than that stays in "other".
    /// </summary>
    public int TopTenants { get; set; } = 50;

    /// <summary>
    /// Whether latencies are kept in exponential histograms, whose buckets follow the values, instead of in fixed ones
    /// of 1, 2 and 5 from a microsecond to a second. Default false. Only OTLP carries them: /metrics leaves them out.
    /// </summary>
    public bool ExponentialHistograms { get; set; }

    /// <summary>
    /// Whether latencies keep, for some of their values, the trace in which they were measured. Default true; costs
    /// nothing where no request is traced.
    /// </summary>
    public bool Exemplars { get; set; } = true;

    /// <summary>
    /// Of the requests whose sender does not say whether they are traced: the share that is, 0 to 1. Default 0.01; 0:
    /// none. Where the sender says, that holds. Used only while OTLP is on; OTEL_TRACES_SAMPLER wins over it.
    /// </summary>
    public double TraceRatio { get; set; } = 0.01;
}
