using RemoteSwap.Credentials;
using RemoteSwap.Store;
using RemoteSwap.Units;

namespace RemoteSwap.Server.Options;

/// <summary>
/// Checks the settings and turns them into values. It does not stop at the first error: a server that does not start
/// says everything that is wrong with its settings, each with name, value and what is allowed.
/// </summary>
internal sealed class SettingsValidation
{
    private const int MaxConnectionsAllowed = 65_536;
    private const int MaxAreas = 65_536;
    private static readonly ByteSize s_minMemory = new(1L << 20);
    private static readonly ByteSize s_maxMemory = new(4L << 40);
    private static readonly ByteSize s_maxPingArena = new(64L << 30);
    private static readonly ByteSize s_maxScrubRate = new(64L << 30);
    private static readonly ByteSize s_page = new(4096);
    private static readonly ByteSize s_maxArea = new(16L << 40);
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    private readonly List<string> _errors = [];

    private SettingsValidation()
    {
    }

    /// <summary>Checks the settings.</summary>
    /// <param name="settings">The settings as written.</param>
    /// <param name="errors">Everything that is wrong; empty: nothing.</param>
    /// <returns>The values; meaningless if there are errors.</returns>
    public static ValidSettings Run(ServerSettings settings, out IReadOnlyList<string> errors)
    {
        SettingsValidation validation = new();
        ValidSettings valid = validation.Check(settings);
        errors = validation._errors;
        return valid;
    }

    private ValidSettings Check(ServerSettings settings)
    {
        long limitBytes = Size("Store:Limit", settings.Store.Limit, s_minMemory, s_maxMemory);
        Range("Store:AcceptThresholdPercent", settings.Store.AcceptThresholdPercent, 1, 100);
        Range("Store:CompactAbovePercent", settings.Store.CompactAbovePercent, 0, 99);
        Range("Store:FloorPercent", settings.Store.FloorPercent, 1, 100);
        Range("Server:MaxConnections", settings.Server.MaxConnections, 1, MaxConnectionsAllowed);
        if (settings.Tenants.Count == 0)
        {
            settings.Tenants.Add(ServerSettings.DefaultTenant, new TenantSection());
        }

        Range("Tenants (how many)", settings.Tenants.Count, 1, Tenant.MaxTenants);
        ListenAddress listen = Address("Server:Listen", settings.Server.Listen);
        ListenAddress? management = settings.Server.Management is "off" or ""
            ? null
            : Address("Server:Management", settings.Server.Management);
        return new ValidSettings
        {
            Listen = listen,
            Management = management,
            Security = SecurityCheck.Run(settings.Security, listen, management, settings.Tenants.Keys, _errors),
            Reflection = settings.Server.Reflection,
            MaxConnections = settings.Server.MaxConnections,
            Transport = TransportCheck.Run(settings.Transport, _errors),
            ShutdownTimeout = Duration("Server:ShutdownTimeout", settings.Server.ShutdownTimeout, "10m"),
            PingArenaBytes = Size("Server:PingArena", settings.Server.PingArena, default, s_maxPingArena),
            Telemetry = TelemetryCheck.Run(settings.Telemetry, settings.Tenants.Keys, _errors),
            FloorPercent = settings.Store.FloorPercent,
            Store = new StoreOptions
            {
                LimitBytes = limitBytes,
                AcceptThresholdPercent = settings.Store.AcceptThresholdPercent,
                WarmBytes = Size("Store:Warm", settings.Store.Warm, default, s_maxMemory),
                HugePages = settings.Store.HugePages,
                CompactAbovePercent = settings.Store.CompactAbovePercent,
                Lease = Duration("Store:Lease", settings.Store.Lease, "1h"),
                AbandonedFor = Duration("Store:AbandonedFor", settings.Store.AbandonedFor, "168h"),
                ScrubBytesPerSecond = Size("Store:ScrubRate", settings.Store.ScrubRate, default, s_maxScrubRate),
                Promote = Promote(settings.Spill.Promote),
            },
            Tenants = CheckTenants(settings, limitBytes),
            CoreDumps = settings.Process.CoreDumps,
            SpillPath = SpillPath(settings.Spill.Path),
            SpillLimitBytes = Size("Spill:Limit", settings.Spill.Limit, s_page, s_maxMemory),
            SealsSpill = SealsSpill(settings),
            StateFolder = StateFolder(settings.State.Folder),
            DiscardsState = settings.State.Discard,
        };
    }

    private Dictionary<string, TenantOptions> CheckTenants(ServerSettings settings, long limitBytes)
    {
        QuotaCheck quotas = new(_errors);
        TenantQuotas everybody = quotas.Run("Quotas", settings.Quotas, TenantQuotas.None);
        Dictionary<string, TenantOptions> valid = settings.Tenants.ToDictionary(
            tenant => tenant.Key,
            tenant => CheckTenant(tenant.Key, tenant.Value, limitBytes) with
            {
                Quotas = quotas.Run($"Tenants:{tenant.Key}:Quotas", tenant.Value.Quotas, everybody),
            },
            StringComparer.Ordinal);
        long guaranteed = valid.Values.Sum(tenant => tenant.GuaranteeBytes);
        if (guaranteed > limitBytes)
        {
            _errors.Add(
                $"Tenants:*:Guarantee: all together are {new ByteSize(guaranteed)}; they must be at most Store:Limit, "
                + $"{new ByteSize(limitBytes)}");
        }

        return valid;
    }

    private TenantOptions CheckTenant(string name, TenantSection tenant, long serverBytes)
    {
        string path = $"Tenants:{name}";
        if (!Identity.IsName(name))
        {
            _errors.Add($"{path}: a tenant's name has {Identity.AllowedName}");
        }

        Range($"{path}:AcceptThresholdPercent", tenant.AcceptThresholdPercent, 1, 100);
        Range($"{path}:Areas", tenant.Areas, 1, MaxAreas);
        Range($"{path}:Shards", tenant.Shards, 1, Tenant.MaxShards);
        if (!Enum.IsDefined(tenant.Incompressible))
        {
            _errors.Add($"{path}:Incompressible is '{tenant.Incompressible}'; it must be Keep, Spill or Reject");
        }

        if (!Enum.IsDefined(tenant.Writeback))
        {
            _errors.Add($"{path}:Writeback is '{tenant.Writeback}'; it must be ClientFirst or SpillFirst");
        }

        Range($"{path}:Weight", tenant.Weight, 1, Tenant.MaxWeight);
        if (!Enum.IsDefined(tenant.Retention))
        {
            _errors.Add($"{path}:Retention is '{tenant.Retention}'; it must be Persistent or Ephemeral");
        }

        long? limit = tenant.Limit.Length == 0
            ? null
            : Size($"{path}:Limit", tenant.Limit, s_minMemory, s_maxMemory);
        long guarantee = Size($"{path}:Guarantee", tenant.Guarantee, default, s_maxMemory);
        if (guarantee > (limit ?? serverBytes))
        {
            _errors.Add(
                $"{path}:Guarantee is '{tenant.Guarantee}'; it must be at most the tenant's limit, "
                + $"{new ByteSize(limit ?? serverBytes)}");
        }

        return new TenantOptions
        {
            LimitBytes = limit,
            GuaranteeBytes = guarantee,
            Weight = tenant.Weight,
            Retention = tenant.Retention,
            AcceptThresholdPercent = tenant.AcceptThresholdPercent,
            Enabled = tenant.Enabled,
            Incompressible = tenant.Incompressible,
            Writeback = tenant.Writeback,
            Areas = tenant.Areas,
            AreaSlots = Size($"{path}:AreaSize", tenant.AreaSize, s_page, s_maxArea) / s_page.Bytes,
            Shards = tenant.Shards,
        };
    }

    private long Size(string name, string text, ByteSize least, ByteSize most)
    {
        if (!ByteSize.TryParse(text, out ByteSize size))
        {
            _errors.Add($"{name} is '{text}'; it must be {ByteSize.Allowed}");
        }
        else if (size.Bytes < least.Bytes || size.Bytes > most.Bytes)
        {
            _errors.Add($"{name} is '{text}' ({size}); it must be from {least} to {most}");
        }

        return size.Bytes;
    }

    private TimeSpan Duration(string name, string text, string most)
    {
        _ = DurationText.TryParse(most, out TimeSpan longest);
        if (!DurationText.TryParse(text, out TimeSpan duration) || duration < s_shortest || duration > longest)
        {
            _errors.Add($"{name} is '{text}'; it must be a time from 1s to {most}");
        }

        return duration;
    }

    private void Range(string name, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            _errors.Add($"{name} is {value}; it must be from {least} to {most}");
        }
    }

    private ListenAddress Address(string name, string text)
    {
        if (!ListenAddress.TryParse(text, out ListenAddress? address))
        {
            _errors.Add($"{name} is '{text}'; it must be an address such as {ListenAddress.Allowed}");
            return new ListenAddress(null, "/");
        }

        return address;
    }

    private PromotePolicy Promote(PromotePolicy policy)
    {
        if (!Enum.IsDefined(policy))
        {
            _errors.Add($"Spill:Promote is '{policy}'; it must be Never, Second or Always");
        }

        return policy;
    }

    private string SpillPath(string path)
    {
        // A settings file can say what no path can.
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            _errors.Add("Spill:Path has a null character; it must name a file in a folder that exists");
            return "";
        }

        string? folder = Path.GetDirectoryName(Path.GetFullPath(path.Length == 0 ? "." : path));
        if (path.Length > 0 && (Directory.Exists(path) || !Directory.Exists(folder)))
        {
            _errors.Add($"Spill:Path is '{path}'; it must name a file in a folder that exists");
        }

        return path;
    }

    private bool SealsSpill(ServerSettings settings)
    {
        if (settings.Spill.Encrypt && settings.State.Folder.Length > 0)
        {
            _errors.Add(
                $"Spill:Encrypt is true and State:Folder is '{settings.State.Folder}'; the key dies with the process, "
                + "so the next one could open none of the spilled pages: use one of the two, and an encrypted disk for "
                + "State:Folder");
        }

        return settings.Spill.Encrypt;
    }

    private string StateFolder(string path)
    {
        if (path.Length > 0 && !Directory.Exists(path))
        {
            _errors.Add($"State:Folder is '{path}'; it must be a folder that exists");
        }

        return path;
    }
}
