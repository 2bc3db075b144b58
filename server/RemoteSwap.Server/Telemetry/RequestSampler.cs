using OpenTelemetry.Trace;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// Decides about traces that begin here. Of calls it takes a share; of streamed requests all that come to it:
/// <see cref="RequestSpans"/> draws before it makes anything, so that a request that is not traced costs nothing.
/// </summary>
/// <param name="ratio">The share of calls, 0 to 1.</param>
internal sealed class RequestSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _calls = new(ratio);

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Name.StartsWith(RequestSpans.NamePrefix, StringComparison.Ordinal)
            ? new SamplingResult(SamplingDecision.RecordAndSample)
            : _calls.ShouldSample(in samplingParameters);
}
