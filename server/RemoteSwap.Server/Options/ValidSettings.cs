using RemoteSwap.Store;

namespace RemoteSwap.Server.Options;

/// <summary>The settings as values, all of them checked.</summary>
internal sealed record ValidSettings
{
    public required ListenAddress Listen { get; init; }

    /// <summary>The management port; null: none.</summary>
    public required ListenAddress? Management { get; init; }

    public required SecurityOptions Security { get; init; }

    public required bool Reflection { get; init; }

    public required int MaxConnections { get; init; }

    public required TransportLimits Transport { get; init; }

    public required TimeSpan ShutdownTimeout { get; init; }

    /// <summary>Memory that pings copy to and from; 0: none.</summary>
    public required long PingArenaBytes { get; init; }

    public required TelemetryOptions Telemetry { get; init; }

    public bool Prometheus => Telemetry.Prometheus;

    public required StoreOptions Store { get; init; }

    /// <summary>The share of the limit below which a shortage of memory does not bring it; 100: it stays.</summary>
    public required int FloorPercent { get; init; }

    public required IReadOnlyDictionary<string, TenantOptions> Tenants { get; init; }

    /// <summary>Whether the process may leave core files.</summary>
    public required bool CoreDumps { get; init; }

    /// <summary>The spill file; empty: none.</summary>
    public required string SpillPath { get; init; }

    public required long SpillLimitBytes { get; init; }

    /// <summary>Whether what is spilled is sealed.</summary>
    public required bool SealsSpill { get; init; }

    /// <summary>The folder of what outlives the server; empty: nothing does.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Whether pages that were drained and cannot come back are given up.</summary>
    public required bool DiscardsState { get; init; }
}
