namespace RemoteSwap.Simulation;

/// <summary>What a seed came to.</summary>
internal readonly record struct SimSummary(long Steps, ulong Digest, long Readings, long PagesFound);
