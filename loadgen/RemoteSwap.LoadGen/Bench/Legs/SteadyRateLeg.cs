using RemoteSwap.LoadGen.Bench.Figures;

namespace RemoteSwap.LoadGen.Bench.Legs;

/// <summary>An open loop at a rate that is given.</summary>
/// <param name="leg">The leg that is paced.</param>
/// <param name="callsPerSecond">The rate.</param>
internal sealed class SteadyRateLeg(WorkLeg leg, double callsPerSecond) : IBenchLeg
{
    /// <inheritdoc/>
    public string Name => leg.Name;

    /// <inheritdoc/>
    public LegShape Shape => leg.Shape;

    /// <inheritdoc/>
    public Task<LegSample> RunAsync(TimeSpan time, CancellationToken ct) => leg.RunAsync(time, callsPerSecond, ct);
}
