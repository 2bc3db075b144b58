namespace RemoteSwap.Server.Options;

/// <summary>
/// Section "Telemetry". OTLP export is on when OTEL_EXPORTER_OTLP_ENDPOINT is set, and follows the standard OTEL_
/// variables.
/// </summary>
internal sealed class TelemetrySection
{
    /// <summary>Whether the management port serves /metrics for Prometheus. Default true.</summary>
    public bool Prometheus { get; set; } = true;
}
