using System.Diagnostics.Metrics;
using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc;
using RemoteSwap.Server.Grpc.Calls;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Simulation.World;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Simulation.Network;

/// <summary>A life of the server: production's store and services, without their host.</summary>
internal sealed class SimServer : IDisposable
{
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(1);

    private readonly SimWorld _world;
    private readonly PageStore _store;
    private readonly AreaGrpcService _areas;
    private readonly PageStoreGrpcService _pages;
    private readonly CancellationTokenSource _stop = new();

    public SimServer(SimWorld world, Incarnation incarnation)
    {
        _world = world;
        SimPlan plan = world.Plan;
        StoreOptions options = new()
        {
            LimitBytes = plan.ServerLimitBytes,
            WarmBytes = 0,
            HugePages = false,
            Lease = plan.Lease,
            AbandonedFor = plan.AbandonedFor,
        };
        TenantOptions tenant = new()
        {
            Areas = 2,
            AreaSlots = 1 << 17,
            Shards = plan.Shards,
            Incompressible = plan.RejectsIncompressible ? IncompressiblePolicy.Reject : IncompressiblePolicy.Keep,
        };
        Spill = plan.Spills ? new SimSpill(world) : null;
        _store = new PageStore(
            options,
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { ["default"] = tenant },
            Spill,
            codec: null,
            incarnation);
        ServerMeter meter = new(new Meters(), TenantLabels.Every("default"), InProgress, traceRatio: 0);
        AccessPolicy open = new(isOpen: true);
        Calls = new CallSet(_store, meter, new PingMemory(0, hugePages: false), open);
        Watch = new CallWatch(world.Time);
        _areas = new AreaGrpcService(_store, open);
        _pages = new PageStoreGrpcService(_store, Calls, Watch, new Lifetime());
        _ = _store.Shrinker.RunAsync(_stop.Token);
        Sweep();
    }

    public CallSet Calls { get; }

    public CallWatch Watch { get; }

    public ByteGate InProgress { get; } = new(ConnectionShare.MaxServerBytes);

    public SimSpill? Spill { get; }

    /// <summary>Breaks of invariants: none is ever allowed.</summary>
    public string? Broken => _store.Tenants[0].Poison;

    /// <summary>Whether the books balance; what does not, in words.</summary>
    public string? Audit()
    {
        IReadOnlyList<string> violations = StoreAudit.Run(_store.Tenants[0], deep: true).Violations;
        return violations.Count == 0 ? null : string.Join("; ", violations);
    }

    /// <summary>Serves a call that is no stream.</summary>
    public async Task<(byte[] Reply, Status Status)> CallAsync(string method, byte[] request)
    {
        SimCallContext context = new();
        IMessage reply = method switch
        {
            "/remoteswap.v1.AreaService/Attach" =>
                await _areas.Attach(AttachRequest.Parser.ParseFrom(request), context),
            "/remoteswap.v1.AreaService/KeepAlive" =>
                await _areas.KeepAlive(KeepAliveRequest.Parser.ParseFrom(request), context),
            "/remoteswap.v1.AreaService/Detach" =>
                await _areas.Detach(DetachRequest.Parser.ParseFrom(request), context),
            "/remoteswap.v1.AreaService/ListPages" =>
                await _areas.ListPages(ListPagesRequest.Parser.ParseFrom(request), context),
            "/remoteswap.v1.PageStoreService/InvalidateArea" =>
                await _pages.InvalidateArea(InvalidateAreaRequest.Parser.ParseFrom(request), context),
            "/remoteswap.v1.PageStoreService/Reclaim" =>
                await _pages.Reclaim(ReclaimRequest.Parser.ParseFrom(request), context),
            _ => throw new NotSupportedException(method),
        };
        return (reply.ToByteArray(), context.Status);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _store.Dispose();
    }

    /// <summary>Ends what it does by itself; its memory goes with <see cref="Dispose"/>.</summary>
    public void Stop() => _stop.Cancel();

    private void Sweep() => _world.Scheduler.At(s_sweep, () =>
    {
        if (!_stop.IsCancellationRequested)
        {
            _store.Owners.Sweep(s_sweep);
            Sweep();
        }
    });

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options.Name);

        public void Dispose()
        {
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
