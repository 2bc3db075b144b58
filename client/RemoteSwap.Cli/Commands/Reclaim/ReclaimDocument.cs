using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Reclaim;

/// <summary>What <c>reclaim --json</c> writes, also when the target was not reached.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Outcome">How it ended: freed, nothing_to_reclaim, try_again or invariant.</param>
/// <param name="TargetFrames">Frames that were to be freed.</param>
/// <param name="FramesFreed">Frames freed.</param>
/// <param name="PagesWrittenBack">Pages written to the spill file.</param>
/// <param name="Detail">Why nothing can be reclaimed; else empty.</param>
internal sealed record ReclaimDocument(
    string Server,
    string Tenant,
    string Outcome,
    int TargetFrames,
    int FramesFreed,
    ulong PagesWrittenBack,
    string Detail)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.reclaim/1";
}
