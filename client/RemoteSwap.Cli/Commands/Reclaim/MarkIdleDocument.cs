using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Reclaim;

/// <summary>What <c>mark-idle --json</c> writes.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="AgeSeconds">For how long frames had not been used.</param>
/// <param name="FramesMarked">Frames marked.</param>
internal sealed record MarkIdleDocument(string Server, string Tenant, ulong AgeSeconds, ulong FramesMarked)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.mark-idle/1";
}
