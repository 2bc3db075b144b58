using Grpc.Core;

namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>The collector's service for trace.</summary>
internal sealed class TraceReceiver(ReceivedTelemetry received) : TraceService.TraceServiceBase
{
    public override Task<Taken> Export(TraceRequest request, ServerCallContext context)
    {
        received.Take(request);
        return Task.FromResult(new Taken());
    }
}
