namespace RemoteSwap.LoadGen.Workload;

/// <summary>The results of a run's phases, in their order.</summary>
internal sealed class PhaseSet
{
    private readonly List<PhaseResult> _results = [];

    /// <summary>The results.</summary>
    public IReadOnlyList<PhaseResult> Results => _results;

    /// <summary>Adds what one kind of call came to over all workers, unless there was no such call.</summary>
    /// <param name="name">Its name in reports; null: the phase has no such calls.</param>
    /// <param name="tallies">What the workers counted.</param>
    /// <param name="elapsed">How long the phase took.</param>
    /// <param name="timeline">Its throughput over time.</param>
    public void Add(
        string? name, IEnumerable<CallTally> tallies, TimeSpan elapsed, IReadOnlyList<TimelinePoint> timeline)
    {
        if (name is null)
        {
            return;
        }

        CallTally all = new();
        foreach (CallTally tally in tallies)
        {
            all.Add(tally);
        }

        if (all.Latency.Count > 0 || all.FailedCalls > 0)
        {
            _results.Add(new PhaseResult(name, elapsed, all, timeline));
        }
    }
}
