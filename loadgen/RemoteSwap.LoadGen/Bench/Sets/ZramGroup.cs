using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Ceilings;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Legs;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>Raw pages through the page server next to the kernel's local zram with lz4, on as many threads.</summary>
internal static class ZramGroup
{
    private const string Title = "Raw pages next to the kernel's zram with lz4";

    /// <summary>Measures it, where there is zram.</summary>
    public static async Task RunAsync(BenchBed bed, PageBed pages, CancellationToken ct)
    {
        const string Store = "store";
        const string Load = "load";
        const string Write = "zram write";
        const string Read = "zram read";
        (ZramDevice? device, string reason) = ZramDevice.TryMake(pages.Raw.StoredPages * PageSize.Bytes);
        if (device is null)
        {
            bed.Leave(Title, reason);
            return;
        }

        using (device)
        {
            // One request a page, as most of a guest's swapping is; and no server: the processor time is the worker's.
            WorkJob zram = pages.Raw with
            {
                Kind = WorkKind.DeviceWrite,
                Server = string.Empty,
                Target = device.Path,
                Batch = 1,
                Callers = Environment.ProcessorCount,
            };
            await bed.FillAsync(pages.Worker, zram, ct);
            await bed.MeasureAsync(
                new BenchGroup(
                    FormattableString.Invariant($"{Title}, {zram.Callers} threads"),
                    [
                        pages.Leg(Store, pages.Raw with { Kind = WorkKind.Store }),
                        new WorkLeg(Write, zram, pages.Worker, server: null),
                        pages.Leg(Load, pages.Raw with { Kind = WorkKind.Load }),
                        new WorkLeg(Read, zram with { Kind = WorkKind.DeviceRead }, pages.Worker, server: null),
                    ],
                    [RatioSpec.Rate(Store, Write, Goal.Least(0.75)), RatioSpec.Rate(Load, Read, Goal.Least(0.75))]),
                ct);
        }
    }
}
