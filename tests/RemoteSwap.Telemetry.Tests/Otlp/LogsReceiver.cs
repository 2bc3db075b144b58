using Grpc.Core;

namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>The collector's service for logs.</summary>
internal sealed class LogsReceiver(ReceivedTelemetry received) : LogsService.LogsServiceBase
{
    public override Task<Taken> Export(LogsRequest request, ServerCallContext context)
    {
        received.Take(request);
        return Task.FromResult(new Taken());
    }
}
