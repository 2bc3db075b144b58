using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Certs;

/// <summary>What <c>certs</c> writes as JSON: made, or looked at. Never a key.</summary>
/// <param name="Certificates">The certificates.</param>
internal sealed record CertsDocument(IReadOnlyList<CertificateRow> Certificates)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.certs/1";
}
