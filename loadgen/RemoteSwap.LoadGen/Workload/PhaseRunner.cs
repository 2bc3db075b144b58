using RemoteSwap.LoadGen.Latency;
using RemoteSwap.LoadGen.Progress;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>Runs a phase with all workers at once, shows how far it is, and takes samples of its throughput.</summary>
/// <param name="clock">The clock.</param>
/// <param name="view">Shows progress.</param>
/// <param name="ratePagesPerSecond">Rate over all workers in phases that are paced; null: closed loop.</param>
internal sealed class PhaseRunner(TimeProvider clock, IProgressView view, double? ratePagesPerSecond)
{
    private static readonly TimeSpan s_sampleInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How late this program's timer let calls of paced phases start.</summary>
    public LatencyRecorder TimerLateness { get; } = new();

    /// <summary>Runs a phase.</summary>
    /// <returns>How long it took, and its throughput over time. The calls are in the workers' tallies.</returns>
    public async Task<(TimeSpan Elapsed, IReadOnlyList<TimelinePoint> Timeline)> RunAsync(
        IWorkPhase phase, IReadOnlyList<SwapWorker> workers)
    {
        PhaseProgress progress = new(phase.Title, phase.CountPages(workers), phase.Duration);
        BeginPhase(phase, workers);
        using CancellationTokenSource over = new();
        ThroughputTimeline timeline = new();
        long start = clock.GetTimestamp();
        view.Begin(progress);
        Task sampling = SampleAsync(timeline, progress, start, over.Token);

        await Task.WhenAll(workers.Select(worker => Task.Run(() => phase.RunAsync(worker, progress))));

        TimeSpan elapsed = clock.GetElapsedTime(start);
        await over.CancelAsync();
        await sampling;
        view.End(progress, elapsed);
        foreach (OpenLoopSchedule schedule in workers.Select(worker => worker.Schedule).OfType<OpenLoopSchedule>())
        {
            TimerLateness.Add(schedule.TimerLateness);
        }

        return (elapsed, timeline.ToPoints(elapsed, progress.DonePages));
    }

    private void BeginPhase(IWorkPhase phase, IReadOnlyList<SwapWorker> workers)
    {
        for (int i = 0; i < workers.Count; i++)
        {
            OpenLoopSchedule? schedule = null;
            if (phase.IsPaced && ratePagesPerSecond is double rate)
            {
                double callsPerSecond = rate / workers[i].Setup.BatchPages / workers.Count;
                schedule = new OpenLoopSchedule(clock, callsPerSecond, offset: (double)i / workers.Count);
            }

            workers[i].BeginPhase(schedule);
        }
    }

    private async Task SampleAsync(
        ThroughputTimeline timeline, PhaseProgress progress, long start, CancellationToken over)
    {
        using PeriodicTimer timer = new(s_sampleInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                TimeSpan elapsed = clock.GetElapsedTime(start);
                timeline.Add(elapsed, progress.DonePages);
                view.Update(progress, elapsed);
            }
        }
        catch (OperationCanceledException)
        {
            // The phase is over.
        }
    }
}
