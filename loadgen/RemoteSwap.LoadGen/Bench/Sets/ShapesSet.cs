using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>Store, load and mixed in all shapes, each next to a ping of the same shape and bytes.</summary>
internal static class ShapesSet
{
    private const int CallsOfStream = 4;
    private static readonly int[] s_batches = [1, 8, 32, 128];
    private static readonly int[] s_streams = [1, 4];

    /// <summary>Measures them.</summary>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        PageBed pages = await PageBed.StartAsync(bed, ct);
        foreach (WorkJob payload in (WorkJob[])[pages.Zpages, pages.Raw])
        {
            foreach (int streams in s_streams)
            {
                WorkJob job = streams == payload.Streams
                    ? payload
                    : await pages.OtherWriterAsync(bed, payload, streams, ct);
                foreach (int batch in s_batches)
                {
                    await bed.MeasureAsync(Shape(pages, job with { Batch = batch }), ct);
                }
            }
        }

        await PartsGroup.RunAsync(bed, pages, ct);
    }

    private static BenchGroup Shape(PageBed pages, WorkJob shape)
    {
        const string Store = "store";
        const string Load = "load";
        const string Mixed = "mixed, 70 % loads";
        const string PingStore = "ping as store";
        const string PingLoad = "ping as load";
        WorkJob job = shape with { Callers = shape.Streams * CallsOfStream };
        string what = job.Payload == PagePayload.RawPages ? "Raw pages" : "Zpages";
        return new BenchGroup(
            FormattableString.Invariant(
                $"{what}, batches of {job.Batch}, {Counted.Of(job.Streams, "stream")} with {CallsOfStream} calls each"),
            [
                pages.Leg(Store, job with { Kind = WorkKind.Store }),
                pages.Leg(PingStore, job with { Kind = WorkKind.PingStore }),
                pages.Leg(Load, job with { Kind = WorkKind.Load }),
                pages.Leg(PingLoad, job with { Kind = WorkKind.PingLoad }),
                pages.Leg(Mixed, job with { Kind = WorkKind.Mixed }),
            ],
            [RatioSpec.Rate(Store, PingStore, goal: null), RatioSpec.Rate(Load, PingLoad, goal: null)]);
    }
}
