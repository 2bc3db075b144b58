namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>A log and who sent it.</summary>
internal sealed record ReceivedLog(Service Service, string Scope, LogRecord Record);
