namespace RemoteSwap.Server.Options;

/// <summary>
/// Everything that can be configured, as it is written; <see cref="SettingsValidation"/> turns it into values.
/// </summary>
internal sealed class ServerSettings
{
    /// <summary>Name of the tenant that is there when none is configured.</summary>
    public const string DefaultTenant = "default";

    public ServerSection Server { get; set; } = new();

    public SecuritySection Security { get; set; } = new();

    public TransportSection Transport { get; set; } = new();

    public StoreSection Store { get; set; } = new();

    public SpillSection Spill { get; set; } = new();

    public StateSection State { get; set; } = new();

    public ProcessSection Process { get; set; } = new();

    public TelemetrySection Telemetry { get; set; } = new();

    /// <summary>What each tenant may use beside memory, if its own section does not say otherwise.</summary>
    public QuotaSection Quotas { get; set; } = new();

    /// <summary>The tenants by name. Default: one tenant named "default" with the server's limit.</summary>
    public Dictionary<string, TenantSection> Tenants { get; set; } = new(StringComparer.Ordinal);
}
