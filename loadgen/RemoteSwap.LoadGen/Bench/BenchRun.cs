using RemoteSwap.LoadGen.Bench.Options;
using RemoteSwap.LoadGen.Bench.Sets;

namespace RemoteSwap.LoadGen.Bench;

/// <summary>Measures the sets one after the other, each with processes of its own.</summary>
/// <param name="options">What to measure.</param>
/// <param name="view">Shows what goes on.</param>
internal sealed class BenchRun(BenchOptions options, BenchView view)
{
    /// <summary>Measures them.</summary>
    /// <exception cref="BenchFailedException">They can not be measured.</exception>
    public async Task<IReadOnlyList<SetFigures>> RunAsync(CancellationToken ct)
    {
        List<SetFigures> found = [];
        foreach (BenchSet set in options.Sets)
        {
            await using BenchBed bed = new(options, view);
            await RunAsync(set, bed, ct);
            found.Add(new SetFigures(set, bed.Groups, bed.Absent));
        }

        return found;
    }

    private static Task RunAsync(BenchSet set, BenchBed bed, CancellationToken ct) => set switch
    {
        BenchSet.Headline => HeadlineSet.RunAsync(bed, ct),
        BenchSet.Shapes => ShapesSet.RunAsync(bed, ct),
        BenchSet.Growth => GrowthSet.RunAsync(bed, ct),
        BenchSet.Latency => LatencySet.RunAsync(bed, ct),
        BenchSet.Hostile => HostileSet.RunAsync(bed, ct),
        BenchSet.Fairness => FairnessSet.RunAsync(bed, ct),
        BenchSet.Telemetry => TelemetrySet.RunAsync(bed, ct),
        BenchSet.Tls => TlsSet.RunAsync(bed, ct),
        BenchSet.Steady => SteadySet.RunAsync(bed, ct),
        BenchSet.Compact => CompactSet.RunAsync(bed, ct),
        _ => throw new ArgumentOutOfRangeException(nameof(set), set, "There is no such set."),
    };
}
