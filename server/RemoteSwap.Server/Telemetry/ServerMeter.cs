using System.Diagnostics.Metrics;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Telemetry;

/// <summary>Metrics of calls and streams, and where spans of calls come from.</summary>
internal sealed class ServerMeter : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "RemoteSwap.Server";

    private readonly RequestSpans _spans;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="labels">Under which labels tenants appear.</param>
    /// <param name="window">Lets large messages in.</param>
    /// <param name="traceRatio">Of streamed requests without a trace context: the share that is traced.</param>
    public ServerMeter(IMeterFactory meters, TenantLabels labels, ByteGate window, double traceRatio)
    {
        Meter meter = meters.Create(MeterName);
        _spans = new RequestSpans(traceRatio);
        Stores = new OperationMeter(meter, "store", OutcomeNames.Of<StoreOutcome>(), labels, _spans);
        Loads = new OperationMeter(meter, "load", OutcomeNames.Of<LoadOutcome>(), labels, _spans);
        Invalidations = new OperationMeter(meter, "invalidate", OutcomeNames.Of<InvalidateOutcome>(), labels, _spans);
        meter.CreateObservableCounter(
            "remoteswap.page.outcomes",
            () => Stores.Measure().Concat(Loads.Measure()).Concat(Invalidations.Measure()),
            "{page}",
            "Pages by what became of them.");
        meter.CreateObservableCounter(
            "remoteswap.message.refusals",
            Refused.Measure,
            "{message}",
            "Messages that were refused unread: malformed, compressed, too large, or not as long as they say.");
        meter.CreateObservableUpDownCounter(
            "remoteswap.exchange.stream.count", () => Streams.Streams, "{stream}", "Exchange streams that are open.");
        meter.CreateObservableUpDownCounter(
            "remoteswap.exchange.in_flight",
            () => Streams.InFlight,
            "{request}",
            "Requests of streams whose spilled pages are being read.");
        meter.CreateObservableGauge(
            "remoteswap.exchange.window.usage",
            () => window.TakenBytes,
            "By",
            "Memory that large messages and replies in progress have taken.");
        meter.CreateObservableGauge(
            "remoteswap.exchange.window.limit",
            () => window.CapacityBytes,
            "By",
            "Memory that large messages and replies in progress may take.");
        meter.CreateObservableCounter(
            "remoteswap.exchange.window.waits",
            () => window.Waits,
            "{event}",
            "Large messages and replies that had to wait for memory, of their connection or of the server.");
        meter.CreateObservableUpDownCounter(
            "process.memory.usage", () => Environment.WorkingSet, "By", "Resident memory of the process.");
    }

    /// <summary>Stores.</summary>
    public OperationMeter Stores { get; }

    /// <summary>Loads.</summary>
    public OperationMeter Loads { get; }

    /// <summary>Invalidations.</summary>
    public OperationMeter Invalidations { get; }

    /// <summary>Messages that were refused unread.</summary>
    public RefusedMessages Refused { get; } = new();

    /// <summary>Exchange streams.</summary>
    public StreamFigures Streams { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => _spans.Dispose();
}
