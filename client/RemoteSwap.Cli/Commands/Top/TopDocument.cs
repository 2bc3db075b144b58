using System.Text.Json.Serialization;
using RemoteSwap.Cli.Commands.Stat;

namespace RemoteSwap.Cli.Commands.Top;

/// <summary>What <c>top --json</c> writes, one line each time.</summary>
/// <param name="Address">The server's URI.</param>
/// <param name="Time">When the answer was here.</param>
/// <param name="Seconds">The time since the last look, of which rates are.</param>
/// <param name="State">accepting, full, disabled or broken.</param>
/// <param name="Ping">The way there and back, as this program measures it.</param>
/// <param name="Server">The server as a whole.</param>
/// <param name="Tenants">The tenants, sorted as asked for.</param>
internal sealed record TopDocument(
    string Address,
    DateTimeOffset Time,
    double Seconds,
    string State,
    TopPing Ping,
    ServerFigures Server,
    IReadOnlyList<TopTenant> Tenants)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.top/1";

    /// <summary>The state of a server: whether any tenant's new pages are taken.</summary>
    public static string StateOf(ServerFigures server, IReadOnlyCollection<TopTenant> tenants) =>
        tenants.Any(one => one.State == "broken") ? "broken"
        : tenants.All(one => one.State == "disabled") ? "disabled"
        : tenants.Any(one => one.State is "ok" or "cache"
            && (!server.ReachedLimit || one.UsedBytes < one.GuaranteeBytes)) ? "accepting"
        : "full";
}
