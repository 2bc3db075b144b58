using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Doctor;

/// <summary>What <c>doctor --json</c> writes.</summary>
/// <param name="Server">The server.</param>
/// <param name="State">The worst state of all checks.</param>
/// <param name="Checks">The checks, in the order in which they were made.</param>
internal sealed record DoctorDocument(string Server, CheckState State, IReadOnlyList<CheckResult> Checks)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.doctor/1";
}
