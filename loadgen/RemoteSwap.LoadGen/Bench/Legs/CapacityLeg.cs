using RemoteSwap.LoadGen.Bench.Figures;

namespace RemoteSwap.LoadGen.Bench.Legs;

/// <summary>A leg whose last rate others go by.</summary>
/// <param name="leg">The leg.</param>
internal sealed class CapacityLeg(IBenchLeg leg) : IBenchLeg
{
    /// <inheritdoc/>
    public string Name => leg.Name;

    /// <inheritdoc/>
    public LegShape Shape => leg.Shape;

    /// <summary>Calls a second when it was last measured; 0 before.</summary>
    public double CallsPerSecond { get; private set; }

    /// <inheritdoc/>
    public async Task<LegSample> RunAsync(TimeSpan time, CancellationToken ct)
    {
        LegSample sample = await leg.RunAsync(time, ct);
        CallsPerSecond = sample.PagesPerSecond / Math.Max(1, leg.Shape.Job.Batch);
        return sample;
    }
}
