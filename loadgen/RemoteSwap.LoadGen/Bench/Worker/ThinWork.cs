using System.Diagnostics;
using RemoteSwap.Client;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Lanes;

namespace RemoteSwap.LoadGen.Bench.Worker;

/// <summary>
/// Fills an area with zpages of sizes that fit together in twos, then forgets two of three pages at random: most frames
/// have lost one of two, and the rest both. What is left is remembered.
/// </summary>
internal static class ThinWork
{
    private const int FillBatchPages = 32;
    private const int ForgottenBatchPages = 256;
    private const int OneOf = 3;

    // At most 31 of a frame's 63 chunks each, so that any two fit.
    private static readonly int[] s_sizes = [700, 950, 1200, 1400, 1600, 1750, 1850, 1980];

    /// <summary>Does a job.</summary>
    /// <exception cref="RemoteSwapException">A call failed.</exception>
    public static async Task<WorkResult> RunAsync(WorkJob job, PageLinks links, WorkerMemory memory)
    {
        SwapArea area = links.Areas(job)[0];
        SeededRandom random = new(job.Seed);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        IPageLane[] lanes =
        [
            .. s_sizes.Select(size => memory.Lane(job with { PageBytes = size }, FillBatchPages, random.Fork())),
        ];
        int bad = 0;
        for (long first = 0; first < job.StoredPages; first += FillBatchPages)
        {
            IPageLane lane = lanes[random.Next(lanes.Length)];
            for (int i = 0; i < FillBatchPages; i++)
            {
                lane.Slots[i] = (ulong)(first + i);
            }

            bad += await lane.StoreAsync(area);
        }

        memory.Kept = await ForgetAsync(job, area, random);
        return new WorkResult
        {
            Pages = job.StoredPages,
            BadPages = bad,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            CpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
        };
    }

    private static async Task<ulong[]> ForgetAsync(WorkJob job, SwapArea area, SeededRandom random)
    {
        List<ulong> kept = [];
        List<ulong> forgotten = new(ForgottenBatchPages);
        for (long slot = 0; slot < job.StoredPages; slot++)
        {
            (random.Next(OneOf) == 0 ? kept : forgotten).Add((ulong)slot);
            bool isOver = slot == job.StoredPages - 1 && forgotten.Count > 0;
            if (forgotten.Count == ForgottenBatchPages || isOver)
            {
                await area.InvalidateAsync(forgotten.ToArray());
                forgotten.Clear();
            }
        }

        return [.. kept];
    }
}
