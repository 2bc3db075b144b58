using RemoteSwap.Client;
using RemoteSwap.LoadGen.Latency;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>What one kind of call of one worker came to in one phase. One owner; merged afterwards.</summary>
internal sealed class CallTally
{
    private readonly long[] _refused = new long[Enum.GetValues<StoreOutcome>().Length];
    private readonly long[] _unreadable = new long[Enum.GetValues<LoadOutcome>().Length];

    /// <summary>Latency of the calls that were answered.</summary>
    public LatencyRecorder Latency { get; } = new();

    /// <summary>Pages of the calls that were answered, whatever their outcome.</summary>
    public long Pages { get; private set; }

    /// <summary>Calls that failed as calls.</summary>
    public long FailedCalls { get; private set; }

    /// <summary>What the first failed call said.</summary>
    public string? FirstFailure { get; private set; }

    /// <summary>Pages refused, by outcome.</summary>
    public IReadOnlyList<long> Refused => _refused;

    /// <summary>Pages that the server could not read or would not answer for, by outcome.</summary>
    public IReadOnlyList<long> Unreadable => _unreadable;

    /// <summary>Counts an answered call.</summary>
    public void Answered(long pages, TimeSpan latency)
    {
        Latency.Record(latency);
        Pages += pages;
    }

    /// <summary>Counts a failed call.</summary>
    public void Failed(RemoteSwapException failure)
    {
        FailedCalls++;
        FirstFailure ??= failure.Message;
    }

    /// <summary>Counts a refused page.</summary>
    public void PageRefused(StoreOutcome outcome) => _refused[IndexOf((int)outcome, _refused)]++;

    /// <summary>Counts a page that could not be loaded though it is not said to be wrong.</summary>
    public void PageUnreadable(LoadOutcome outcome) => _unreadable[IndexOf((int)outcome, _unreadable)]++;

    /// <summary>Adds another tally.</summary>
    public void Add(CallTally other)
    {
        Latency.Add(other.Latency);
        Pages += other.Pages;
        FailedCalls += other.FailedCalls;
        FirstFailure ??= other.FirstFailure;
        for (int i = 0; i < _refused.Length; i++)
        {
            _refused[i] += other._refused[i];
        }

        for (int i = 0; i < _unreadable.Length; i++)
        {
            _unreadable[i] += other._unreadable[i];
        }
    }

    // An outcome that this program does not know counts as "none", which is a refusal all the same.
    private static int IndexOf(int outcome, long[] counts) => (uint)outcome < (uint)counts.Length ? outcome : 0;
}
