using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Ping;

/// <summary>What <c>ping --json</c> writes.</summary>
/// <param name="Server">The server.</param>
/// <param name="ConnectUs">Microseconds of the first call, which also connects and is not among the others.</param>
/// <param name="Count">Calls.</param>
/// <param name="MinUs">The fastest, in microseconds.</param>
/// <param name="AvgUs">The mean.</param>
/// <param name="P50Us">Half of the calls took no longer.</param>
/// <param name="P99Us">99 of 100 calls took no longer.</param>
/// <param name="MaxUs">The slowest.</param>
internal sealed record PingDocument(
    string Server,
    double ConnectUs,
    long Count,
    double MinUs,
    double AvgUs,
    double P50Us,
    double P99Us,
    double MaxUs)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.ping/1";
}
