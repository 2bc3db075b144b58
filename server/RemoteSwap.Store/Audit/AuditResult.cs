namespace RemoteSwap.Store;

/// <summary>What an audit found.</summary>
/// <param name="Violations">A line for each violation; empty: the books balance.</param>
/// <param name="Frames">Frames looked at.</param>
/// <param name="Entries">Index entries looked at.</param>
/// <param name="ZpagesVerified">Zpages whose checksum was compared.</param>
public sealed record AuditResult(IReadOnlyList<string> Violations, long Frames, long Entries, long ZpagesVerified);
