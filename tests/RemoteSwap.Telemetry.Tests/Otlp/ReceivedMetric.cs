namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>A metric and who sent it.</summary>
internal sealed record ReceivedMetric(Service Service, string Scope, Metric Metric);
