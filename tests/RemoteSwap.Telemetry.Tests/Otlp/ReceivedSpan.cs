namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>A span and who sent it.</summary>
internal sealed record ReceivedSpan(Service Service, string Scope, Span Span);
