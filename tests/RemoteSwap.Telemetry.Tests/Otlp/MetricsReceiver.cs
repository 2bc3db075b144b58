using Grpc.Core;

namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>The collector's service for metrics.</summary>
internal sealed class MetricsReceiver(ReceivedTelemetry received) : MetricsService.MetricsServiceBase
{
    public override Task<Taken> Export(MetricsRequest request, ServerCallContext context)
    {
        received.Take(request);
        return Task.FromResult(new Taken());
    }
}
