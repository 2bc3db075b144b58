using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Legs;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>The figures that count, next to their ceilings.</summary>
internal static class HeadlineSet
{
    private const int LoadedCallers = 64;
    private const double HalfLoad = 0.5;

    /// <summary>Measures them.</summary>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        PageBed pages = await PageBed.StartAsync(bed, ct);
        await bed.MeasureAsync(Zpages(pages), ct);
        await bed.MeasureAsync(Raw(pages), ct);
        await bed.MeasureAsync(Idle(pages), ct);
        await bed.MeasureAsync(HalfLoaded(pages), ct);
        await PartsGroup.RunAsync(bed, pages, ct);
        await ZramGroup.RunAsync(bed, pages, ct);
        await PeerGroups.RunAsync(bed, pages, ct);
    }

    private static BenchGroup Zpages(PageBed pages)
    {
        const string Store = "store";
        const string Load = "load";
        const string PingStore = "ping as store";
        const string PingLoad = "ping as load";
        const string CopyStore = "ping as store that copies";
        const string CopyLoad = "ping as load that copies";
        const string Walked = "store, blocks walked";
        WorkJob job = pages.Zpages;
        return new BenchGroup(
            "Zpages of 1,600 bytes, batches of 32, 4 streams with 4 calls each",
            [
                pages.Leg(Store, job with { Kind = WorkKind.Store }),
                pages.Leg(PingStore, job with { Kind = WorkKind.PingStore }),
                pages.Leg(CopyStore, job with { Kind = WorkKind.PingStore, CopyMemory = true }),
                pages.Leg(Walked, job with { Kind = WorkKind.Store, WalksBlocks = true }),
                pages.Leg(Load, job with { Kind = WorkKind.Load }),
                pages.Leg(PingLoad, job with { Kind = WorkKind.PingLoad }),
                pages.Leg(CopyLoad, job with { Kind = WorkKind.PingLoad, CopyMemory = true }),
            ],
            [
                RatioSpec.Rate(Store, PingStore, Goal.Least(0.75)),
                RatioSpec.Rate(Load, PingLoad, Goal.Least(0.8)),
                RatioSpec.Rate(Store, CopyStore, Goal.Least(0.9)),
                RatioSpec.Rate(Load, CopyLoad, Goal.Least(0.9)),
                RatioSpec.Rate(Walked, PingStore, goal: null),
                RatioSpec.ServerCpu(Store, PingStore, Goal.Most(1.5)),
                RatioSpec.ServerCpu(Load, PingLoad, Goal.Most(1.5)),
                RatioSpec.ClientCpu(Store, PingStore, goal: null),
                RatioSpec.ClientCpu(Load, PingLoad, goal: null),
                RatioSpec.Allocated(Store, Goal.Most(8)),
                RatioSpec.Allocated(Load, Goal.Most(8)),
                RatioSpec.FullCollections(Store, Goal.Most(0)),
                RatioSpec.FullCollections(Load, Goal.Most(0)),
            ]);
    }

    private static BenchGroup Raw(PageBed pages)
    {
        const string Store = "store";
        const string Load = "load";
        const string Encode = "encode";
        const string Decode = "decode";
        const string PingStore = "ping as store";
        const string PingLoad = "ping as load";
        WorkJob job = pages.Raw;
        RatioSpec Share(string leg, string codec, string ping) => new(
            $"{leg} / what {codec} and {ping} allow",
            Goal.Least(0.85),
            round => round.Find(leg)?.PagesPerSecond / PageBed.Allowed(round, codec, ping));
        return new BenchGroup(
            $"Raw pages through the codec (a zpage has {Counted.Of(job.PageBytes, "byte")}), "
                + "batches of 32, 4 streams with 4 calls each",
            [
                pages.Leg(Store, job with { Kind = WorkKind.Store }),
                pages.Alone(Encode, job with { Kind = WorkKind.Encode }),
                pages.Leg(PingStore, job with { Kind = WorkKind.PingStore }),
                pages.Leg(Load, job with { Kind = WorkKind.Load }),
                pages.Alone(Decode, job with { Kind = WorkKind.Decode }),
                pages.Leg(PingLoad, job with { Kind = WorkKind.PingLoad }),
            ],
            [Share(Store, Encode, PingStore), Share(Load, Decode, PingLoad)]);
    }

    private static BenchGroup Idle(PageBed pages)
    {
        const string Unary = "load, unary";
        const string Exchange = "load, exchange";
        const string Empty = "empty call, unary";
        WorkJob job = pages.Raw with { Batch = 1, Callers = 1 };
        return new BenchGroup(
            "One page at a time on an idle server",
            [
                pages.Leg(Exchange, job with { Kind = WorkKind.Load }),
                pages.Leg(Empty, job with { Kind = WorkKind.PingEmpty, Streams = 0 }),
                pages.Leg(Unary, job with { Kind = WorkKind.Load, Streams = 0 }),
            ],
            [
                RatioSpec.P50(Exchange, Empty, Goal.Most(1.25)),
                RatioSpec.P50(Unary, Empty, Goal.Most(1.25)),
                RatioSpec.P50(Exchange, Unary, Goal.Most(1)),
            ]);
    }

    private static BenchGroup HalfLoaded(PageBed pages)
    {
        const string Full = "load, as fast as it goes";
        const string Half = "load, half of that";
        WorkJob job = pages.Raw with { Kind = WorkKind.Load, Batch = 1, Callers = LoadedCallers };
        CapacityLeg full = new(pages.Leg(Full, job));
        return new BenchGroup(
            "Single pages from 64 callers; half load is an open loop",
            [full, new PacedLeg(pages.Leg(Half, job), full, HalfLoad)],
            [
                new RatioSpec(
                    "p99.9 / p50 at half load",
                    Goal.Most(10),
                    round => round.Find(Half) is { } half ? half.P999Us / half.P50Us : null),
            ]);
    }
}
