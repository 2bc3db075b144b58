using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>What <c>nbd --json</c> writes when clients can connect.</summary>
/// <param name="Uri">The NBD URI.</param>
/// <param name="SizeBytes">Bytes of the disk.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Area">The area.</param>
/// <param name="ProcessId">The device's process.</param>
/// <param name="Epoch">The attach epoch; the same after a restart that went on with the session.</param>
internal sealed record NbdDocument(
    string Uri, long SizeBytes, string Tenant, uint Area, int ProcessId, ulong Epoch)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.nbd/1";
}
