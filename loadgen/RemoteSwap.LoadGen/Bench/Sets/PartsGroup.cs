using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>What the parts of a page's way cost by themselves on one thread: codec and copies.</summary>
internal static class PartsGroup
{
    private static readonly TimeSpan s_mostTime = TimeSpan.FromSeconds(0.5);

    /// <summary>Measures them.</summary>
    public static Task RunAsync(BenchBed bed, PageBed pages, CancellationToken ct)
    {
        WorkJob job = pages.Zpages with { StoredPages = bed.Options.RawPages };
        return bed.MeasureAsync(
            new BenchGroup(
                "Parts by themselves, one thread of the client",
                [
                    pages.Alone("encode", job with { Kind = WorkKind.Encode }),
                    pages.Alone("decode", job with { Kind = WorkKind.Decode }),
                    pages.Alone("copy 1,600 bytes, cached", job with { Kind = WorkKind.CopyCached }),
                    pages.Alone("copy 1,600 bytes to cold memory", job with { Kind = WorkKind.CopyToCold }),
                    pages.Alone("copy 1,600 bytes from cold memory", job with { Kind = WorkKind.CopyFromCold }),
                ],
                [])
            {
                LegTime = bed.Options.LegTime < s_mostTime ? bed.Options.LegTime : s_mostTime,
            },
            ct);
    }
}
