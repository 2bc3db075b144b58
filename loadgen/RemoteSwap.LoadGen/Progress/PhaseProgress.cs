namespace RemoteSwap.LoadGen.Progress;

/// <summary>How far a phase is. Added to by all workers, read by whoever shows it; no lock.</summary>
/// <param name="name">The phase, for people.</param>
/// <param name="totalPages">Pages of the phase; 0 where time bounds it.</param>
/// <param name="duration">Length of the phase where time bounds it.</param>
internal sealed class PhaseProgress(string name, long totalPages, TimeSpan? duration)
{
    private long _donePages;

    /// <summary>The phase, for people.</summary>
    public string Name => name;

    /// <summary>Pages done.</summary>
    public long DonePages => Interlocked.Read(ref _donePages);

    /// <summary>Counts pages.</summary>
    public void Add(long pages) => Interlocked.Add(ref _donePages, pages);

    /// <summary>Share done, 0 to 1.</summary>
    /// <param name="elapsed">Time since the phase began.</param>
    public double Share(TimeSpan elapsed) => duration is TimeSpan bound
        ? Math.Min(1, elapsed / bound)
        : totalPages == 0 ? 0 : Math.Min(1, (double)DonePages / totalPages);
}
