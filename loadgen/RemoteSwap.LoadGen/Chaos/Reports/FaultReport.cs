namespace RemoteSwap.LoadGen.Chaos.Reports;

/// <summary>A fault of a chaos run, as JSON.</summary>
internal sealed record FaultReport(string Kind, double AtSeconds, double LengthMs, double? StallMs, string Remark);
