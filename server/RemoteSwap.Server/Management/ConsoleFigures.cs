using System.Text.Json.Serialization;

namespace RemoteSwap.Server.Management;

/// <summary>What the console asks for once a second: counters and gauges of one moment, from which it makes
/// rates.</summary>
/// <param name="Time">The wall clock.</param>
/// <param name="MonotonicUs">A clock that is never set back, in microseconds, for rates.</param>
/// <param name="Incarnation">This life of the server; counters began with it, or with a later start.</param>
/// <param name="Version">The server's version.</param>
/// <param name="State">Whether all is well.</param>
/// <param name="Server">The server as a whole.</param>
/// <param name="Totals">The sum of all tenants, also of those that are left off.</param>
/// <param name="Tenants">Tenants, those that use most first; at most <see cref="MaxTenants"/>.</param>
/// <param name="TenantsLeftOff">How many more there are.</param>
/// <param name="Latency">Times of calls since the console is looked at.</param>
/// <param name="Refusals">What was refused lately, the latest first.</param>
internal sealed record ConsoleFigures(
    DateTimeOffset Time,
    long MonotonicUs,
    string Incarnation,
    string Version,
    ConsoleState State,
    ConsoleServer Server,
    ConsoleTenant Totals,
    IReadOnlyList<ConsoleTenant> Tenants,
    int TenantsLeftOff,
    ConsoleLatency Latency,
    IReadOnlyList<ConsoleRefusal> Refusals)
{
    /// <summary>An answer has bounds, however many tenants there are.</summary>
    public const int MaxTenants = 256;

    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.console.figures/1";
}
