using System.Diagnostics.Metrics;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc.Calls;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;

namespace RemoteSwap.Fuzz.Wire;

/// <summary>Production's store and calls without their host, small, for one input.</summary>
internal sealed class FuzzServer : IDisposable
{
    /// <summary>The tenant that there is.</summary>
    public const string TenantName = "default";

    /// <summary>Slots of an area.</summary>
    public const int AreaSlots = 1 << 17;

    private const long LimitBytes = 1 << 20;

    private static readonly ByteGate s_gate = new(ConnectionShare.MaxServerBytes);
    private static readonly ServerMeter s_meter =
        new(new Meters(), TenantLabels.Every(TenantName), s_gate, traceRatio: 0);

    /// <summary>Makes a server.</summary>
    public FuzzServer()
    {
        TenantOptions tenant = new() { Areas = 2, AreaSlots = AreaSlots, Shards = 1 };
        Store = new PageStore(
            new StoreOptions { LimitBytes = LimitBytes, WarmBytes = 0, HugePages = false },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { [TenantName] = tenant });
        Calls = new CallSet(Store, s_meter, new PingMemory(0, hugePages: false), new AccessPolicy(isOpen: true));
    }

    public PageStore Store { get; }

    public CallSet Calls { get; }

    public static ByteGate Gate => s_gate;

    /// <summary>What the books say that is wrong; null: nothing.</summary>
    public string? Audit() => Store.Tenants[0].Poison
        ?? (StoreAudit.Run(Store.Tenants[0], deep: true).Violations is [string first, ..] ? first : null);

    public void Dispose() => Store.Dispose();

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options.Name);

        public void Dispose()
        {
        }
    }
}
