using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>A minute of full load over a full working set: what it leaves behind in the server.</summary>
internal static class SteadySet
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_quickTime = TimeSpan.FromSeconds(2);

    /// <summary>Measures it.</summary>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        const string Mixed = "mixed, 70 % loads";
        PageBed pages = await PageBed.StartAsync(bed, ct);
        TimeSpan time = bed.Options.Quick ? s_quickTime : s_time;
        await bed.MeasureAsync(
            new BenchGroup(
                FormattableString.Invariant($"{time.TotalSeconds:0} s of full load with zpages, ")
                    + "batches of 32, 4 streams with 4 calls each",
                [pages.Leg(Mixed, pages.Zpages with { Kind = WorkKind.Mixed })],
                [
                    RatioSpec.FullCollections(Mixed, Goal.Most(0)),
                    RatioSpec.Allocated(Mixed, Goal.Most(8)),
                    RatioSpec.Growth(Mixed, goal: null),
                ])
            {
                LegTime = time,
                Rounds = 1,
            },
            ct);
    }
}
