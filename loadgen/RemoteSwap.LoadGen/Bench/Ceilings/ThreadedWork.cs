using System.Diagnostics;
using RemoteSwap.LoadGen.Bench.Cases;

namespace RemoteSwap.LoadGen.Bench.Ceilings;

/// <summary>Runs a piece of work on threads of its own until a time is over.</summary>
internal static class ThreadedWork
{
    /// <summary>Runs.</summary>
    /// <param name="job">Says how long and on how many threads.</param>
    /// <param name="prepare">Makes the work of one thread: each call does some pages and says how many.</param>
    public static async Task<WorkResult> RunAsync(WorkJob job, Func<int, Func<int>> prepare)
    {
        Func<int>[] works = [.. Enumerable.Range(0, job.Callers).Select(prepare)];
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        long end = start + (long)(job.Seconds * Stopwatch.Frequency);
        long[] pages = await Task.WhenAll(works.Select(work => Task.Factory.StartNew(
            () => Run(work, end), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return new WorkResult
        {
            Pages = pages.Sum(),
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            CpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
        };
    }

    private static long Run(Func<int> work, long end)
    {
        long pages = 0;
        while (Stopwatch.GetTimestamp() < end)
        {
            pages += work();
        }

        return pages;
    }
}
