using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Observers;

namespace RemoteSwap.LoadGen.Bench.Legs;

/// <summary>A leg during which the server's metrics are read each second.</summary>
/// <param name="leg">What is measured.</param>
/// <param name="management">Where the server's metrics are.</param>
internal sealed class ObservedLeg(IBenchLeg leg, string management) : IBenchLeg
{
    /// <inheritdoc/>
    public string Name => leg.Name;

    /// <inheritdoc/>
    public LegShape Shape => leg.Shape;

    /// <inheritdoc/>
    public async Task<LegSample> RunAsync(TimeSpan time, CancellationToken ct)
    {
        Scraper scraper = new(management);
        LegSample sample;
        await using (scraper)
        {
            sample = await leg.RunAsync(time, ct);
        }

        return scraper.Failure is { } failure ? new LegSample { Error = failure } : sample;
    }
}
