using System.Text.Json.Serialization;
using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Compact;

/// <summary>What <c>compact --json</c> writes.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="FramesMerged">Frames freed by moving their only zpage beside another.</param>
/// <param name="FramesMoved">Frames moved to a lower place.</param>
/// <param name="FramesBusy">Times that frames were in use and stayed.</param>
/// <param name="DensityBefore">Zpages a frame before.</param>
/// <param name="DensityAfter">Zpages a frame after.</param>
/// <param name="GivenBackBytes">Memory given back to the system.</param>
/// <param name="LongestHoldUs">The longest time that a step held a lock which a load needs, in microseconds.</param>
internal sealed record CompactDocument(
    string Server,
    string Tenant,
    int FramesMerged,
    int FramesMoved,
    int FramesBusy,
    double DensityBefore,
    double DensityAfter,
    ulong GivenBackBytes,
    ulong LongestHoldUs)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.compact/1";

    /// <summary>The sum of a step and of those before.</summary>
    public static CompactDocument Of(
        string server, string tenant, CompactResponse step, CompactDocument? before) => new(
        server,
        tenant,
        (before?.FramesMerged ?? 0) + (int)step.FramesMerged,
        (before?.FramesMoved ?? 0) + (int)step.FramesMoved,
        (before?.FramesBusy ?? 0) + (int)step.FramesBusy,
        before?.DensityBefore ?? step.DensityBefore,
        step.DensityAfter,
        (before?.GivenBackBytes ?? 0) + step.GivenBackBytes,
        Math.Max(before?.LongestHoldUs ?? 0, step.LongestHoldUs));
}
