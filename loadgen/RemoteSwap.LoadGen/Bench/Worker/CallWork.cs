using System.Diagnostics;
using RemoteSwap.Client;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Lanes;
using RemoteSwap.LoadGen.Latency;

namespace RemoteSwap.LoadGen.Bench.Worker;

/// <summary>Jobs that call a page server: closed loop, open loop, and the filling of a working set.</summary>
internal static class CallWork
{
    private const int FillBatchPages = 128;
    private const int FillCallers = 8;

    /// <summary>Does a job.</summary>
    /// <exception cref="RemoteSwapException">A call failed.</exception>
    public static async Task<WorkResult> RunAsync(WorkJob job, PageLinks links, WorkerMemory memory)
    {
        if (job.Kind == WorkKind.Fill)
        {
            return await FillAsync(job, links, memory);
        }

        Caller[] callers = [.. Enumerable.Range(0, job.Callers).Select(i => new Caller(job, i, links, memory))];
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        if (job.CallsPerSecond > 0)
        {
            using PacedCalls paced = new(callers, job.CallsPerSecond);
            await paced.RunAsync(TimeSpan.FromSeconds(job.Seconds));
        }
        else
        {
            long end = start + (long)(job.Seconds * Stopwatch.Frequency);
            await Task.WhenAll(callers.Select(caller => Task.Run(() => caller.RunAsync(end))));
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        TimeSpan used = Environment.CpuUsage.TotalTime - cpu;
        LatencyRecorder latency = new();
        foreach (Caller caller in callers)
        {
            latency.Add(caller.Latency);
        }

        return new WorkResult
        {
            Pages = callers.Sum(caller => caller.Pages),
            BadPages = callers.Sum(caller => caller.BadPages),
            Seconds = elapsed.TotalSeconds,
            CpuSeconds = used.TotalSeconds,
            P50Us = latency.Percentile(50).TotalMicroseconds,
            P99Us = latency.Percentile(99).TotalMicroseconds,
            P999Us = latency.Percentile(99.9).TotalMicroseconds,
            MaxUs = latency.Max.TotalMicroseconds,
        };
    }

    private static async Task<WorkResult> FillAsync(WorkJob job, PageLinks links, WorkerMemory memory)
    {
        WorkJob fill = job with { Callers = FillCallers, Batch = FillBatchPages };
        SwapArea[] areas = links.Areas(fill);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        int[] bad = await Task.WhenAll(
            Enumerable.Range(0, FillCallers).Select(caller => Task.Run(() => FillAsync(fill, caller, areas, memory))));
        return new WorkResult
        {
            Pages = job.StoredPages,
            BadPages = bad.Sum(),
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            CpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
        };
    }

    private static async Task<int> FillAsync(WorkJob job, int caller, SwapArea[] areas, WorkerMemory memory)
    {
        SeededRandom random = new(job.Seed + (ulong)caller);
        Dictionary<int, IPageLane> lanes = [];
        int bad = 0;
        foreach ((int place, ulong first, int count) in SlotRuns.Of(job, caller))
        {
            if (!lanes.TryGetValue(count, out IPageLane? lane))
            {
                lane = memory.Lane(job, count, random.Fork());
                lanes.Add(count, lane);
            }

            for (int i = 0; i < count; i++)
            {
                lane.Slots[i] = first + (ulong)i;
            }

            bad += await lane.StoreAsync(areas[place]);
        }

        return bad;
    }
}
