using System.Diagnostics;

namespace RemoteSwap.Store;

/// <summary>
/// Where the time of one batch went: waiting for shards' locks, copying under them, reading from the writeback target.
/// A batch has one only while somebody looks at it, because it costs two looks at the clock a page.
/// <para>What it is not: a measure of pages; times of a batch are added up. One user at a time.</para>
/// </summary>
public sealed class StageClock
{
    private long _asked;
    private long _entered;
    private long _lock;
    private long _copy;
    private long _spill;

    /// <summary>Time that the batch waited for locks.</summary>
    public TimeSpan Lock => Stopwatch.GetElapsedTime(0, _lock);

    /// <summary>Time that it held them: looking entries up, copying zpages, publishing.</summary>
    public TimeSpan Copy => Stopwatch.GetElapsedTime(0, _copy);

    /// <summary>Time that passed while its spilled pages were read; zero: none was.</summary>
    public TimeSpan Spill => Stopwatch.GetElapsedTime(0, _spill);

    /// <summary>Begins with a new batch.</summary>
    public StageClock Restarted()
    {
        _lock = 0;
        _copy = 0;
        _spill = 0;
        return this;
    }

    /// <summary>A lock is asked for, or a read from the writeback target.</summary>
    internal void Ask() => _asked = Stopwatch.GetTimestamp();

    /// <summary>The lock is held.</summary>
    internal void Enter()
    {
        _entered = Stopwatch.GetTimestamp();
        _lock += _entered - _asked;
    }

    /// <summary>The lock is free again.</summary>
    internal void Leave() => _copy += Stopwatch.GetTimestamp() - _entered;

    /// <summary>The writeback target has been read.</summary>
    internal void EndSpill() => _spill += Stopwatch.GetTimestamp() - _asked;
}
