using RemoteSwap.LoadGen.Bench.Figures;

namespace RemoteSwap.LoadGen.Bench.Legs;

/// <summary>An open loop at a share of what another leg of the same round reached.</summary>
/// <param name="leg">The leg that is paced.</param>
/// <param name="capacity">What it goes by; has its turn before.</param>
/// <param name="share">The share.</param>
internal sealed class PacedLeg(WorkLeg leg, CapacityLeg capacity, double share) : IBenchLeg
{
    /// <inheritdoc/>
    public string Name => leg.Name;

    /// <inheritdoc/>
    public LegShape Shape => leg.Shape;

    /// <inheritdoc/>
    public Task<LegSample> RunAsync(TimeSpan time, CancellationToken ct) => capacity.CallsPerSecond > 0
        ? leg.RunAsync(time, capacity.CallsPerSecond * share, ct)
        : Task.FromResult(new LegSample { Error = $"'{capacity.Name}' has no rate to go by" });
}
