using RemoteSwap.Server.Access;
using RemoteSwap.Server.Telemetry;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc.Calls;

/// <summary>The calls that carry pages, ready for use; shared by unary calls and streams.</summary>
internal sealed class CallSet
{
    public CallSet(PageStore store, ServerMeter meter, PingMemory pings, AccessPolicy access)
    {
        RequestCheck check = new(store, access);
        Access = access;
        Stores = new CallPool<StoreCall>(() => new StoreCall(store, meter, check));
        Loads = new CallPool<LoadCall>(() => new LoadCall(store, meter, check));
        Pings = new CallPool<PingCall>(() => new PingCall(pings.Arena));
        Invalidations = new InvalidateCall(store, meter, check);
        Check = check;
        Streams = meter.Streams;
        Refused = meter.Refused;
        Incarnation = store.Incarnation;
    }

    /// <summary>This life of the server.</summary>
    public Incarnation Incarnation { get; }

    /// <summary>Who makes a call, and for which tenant.</summary>
    public AccessPolicy Access { get; }

    public CallPool<StoreCall> Stores { get; }

    public CallPool<LoadCall> Loads { get; }

    public CallPool<PingCall> Pings { get; }

    public InvalidateCall Invalidations { get; }

    public RequestCheck Check { get; }

    /// <summary>Counts messages that are refused unread.</summary>
    public RefusedMessages Refused { get; }

    /// <summary>Counts streams.</summary>
    public StreamFigures Streams { get; }
}
