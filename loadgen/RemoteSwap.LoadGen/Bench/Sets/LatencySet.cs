using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Legs;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>Latency of single pages: one after the other, from many callers, and at shares of the full load.</summary>
internal static class LatencySet
{
    private const int LoadedCallers = 64;
    private static readonly double[] s_shares = [0.25, 0.5, 0.75];

    /// <summary>Measures it.</summary>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        PageBed pages = await PageBed.StartAsync(bed, ct);
        WorkJob rawUnary = await pages.OtherWriterAsync(bed, pages.Raw, streams: 0, ct);
        await bed.MeasureAsync(Idle(pages, rawUnary), ct);
        await bed.MeasureAsync(Paced(pages, WorkKind.Load), ct);
        await bed.MeasureAsync(Paced(pages, WorkKind.Store), ct);
    }

    private static BenchGroup Idle(PageBed pages, WorkJob rawUnary)
    {
        const string Empty = "empty call";
        const string Load = "load of a raw page";
        const string Store = "store of a raw page";
        const string LoadZpage = "load of a zpage";
        WorkJob zpagesUnary = pages.Zpages with { Streams = 0 };
        (string Name, WorkKind Kind, WorkJob Exchange, WorkJob Unary)[] calls =
        [
            (Empty, WorkKind.PingEmpty, pages.Raw, rawUnary),
            (Load, WorkKind.Load, pages.Raw, rawUnary),
            (Store, WorkKind.Store, pages.Raw, rawUnary),
            (LoadZpage, WorkKind.Load, pages.Zpages, zpagesUnary),
        ];
        WorkLeg Leg(string name, WorkKind kind, WorkJob job) =>
            pages.Leg(name, job with { Kind = kind, Batch = 1, Callers = 1 });
        static string Unary(string call) => call + ", unary";
        static string Exchange(string call) => call + ", exchange";
        return new BenchGroup(
            "One page at a time on an idle server",
            [
                .. calls.SelectMany(call => (IBenchLeg[])
                [
                    Leg(Exchange(call.Name), call.Kind, call.Exchange),
                    Leg(Unary(call.Name), call.Kind, call.Unary),
                ]),
            ],
            [
                .. calls.Select(call => RatioSpec.P50(Exchange(call.Name), Unary(call.Name), Goal.Most(1))),
                RatioSpec.P50(Exchange(Load), Unary(Empty), Goal.Most(1.25)),
                RatioSpec.P50(Exchange(Store), Unary(Empty), goal: null),
            ]);
    }

    private static BenchGroup Paced(PageBed pages, WorkKind kind)
    {
        string what = kind == WorkKind.Load ? "loads" : "stores";
        WorkJob job = pages.Raw with { Kind = kind, Batch = 1, Callers = LoadedCallers };
        CapacityLeg full = new(pages.Leg("as fast as it goes", job));
        static string Name(double share) => FormattableString.Invariant($"{share * 100:0} % of that");
        return new BenchGroup(
            FormattableString.Invariant(
                $"Single {what} of raw pages from {LoadedCallers} callers; shares of the full load are open loops"),
            [full, .. s_shares.Select(share => new PacedLeg(pages.Leg(Name(share), job), full, share))],
            [
                .. s_shares.Select(share => new RatioSpec(
                    $"p99.9 / p50 at {Name(share)}",
                    kind == WorkKind.Load && share <= 0.5 ? Goal.Most(10) : null,
                    round => round.Find(Name(share)) is { } sample ? sample.P999Us / sample.P50Us : null)),
            ]);
    }
}
