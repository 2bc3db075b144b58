using RemoteSwap.LoadGen.Progress;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>A part of a run: what each worker does in it.</summary>
internal interface IWorkPhase
{
    /// <summary>The phase, for people.</summary>
    string Title { get; }

    /// <summary>Length of the phase; null where pages bound it.</summary>
    TimeSpan? Duration { get; }

    /// <summary>Whether an asked rate holds in it.</summary>
    bool IsPaced { get; }

    /// <summary>Pages of the phase over all workers; 0 where time bounds it.</summary>
    long CountPages(IEnumerable<SwapWorker> workers);

    /// <summary>One worker's part; many run at the same time, each with its own worker.</summary>
    Task RunAsync(SwapWorker worker, PhaseProgress progress);
}
