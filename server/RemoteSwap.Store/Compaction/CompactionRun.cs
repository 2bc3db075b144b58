using System.Diagnostics;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The steps of a compaction, in bursts. A step is one merge or one move under one shard's lock: a microsecond or two.
/// <para>
/// Between bursts it sleeps (<see cref="BurstPace"/>), which has a second use: a thread that has just slept is the last
/// one that the system takes its processor away from, so a step is seldom interrupted while it holds the lock, which
/// would be the one way in which a Load could wait for longer than a burst.
/// </para>
/// <para>
/// <see cref="LongestHold"/> is measured with the lock held, so it shows such an interruption. Not thread-safe.
/// </para>
/// </summary>
/// <param name="maxFrames">The most frames to merge and move.</param>
/// <param name="operations">Entered for each step; closed, it ends the run.</param>
/// <param name="cancellation">Ends the run between two steps; what is done is done.</param>
internal sealed class CompactionRun(int maxFrames, OperationGate operations, CancellationToken cancellation)
{
    /// <summary>How often one is come back to that is being read, before it is left for another time.</summary>
    public const int MaxBusyTries = 4;

    private readonly BurstPace _pace = new();
    private long _longestHold;
    private bool _isEnded;

    /// <summary>Frames freed by merging.</summary>
    public int Merged { get; private set; }

    /// <summary>Frames moved.</summary>
    public int Moved { get; private set; }

    /// <summary>Times that a step found its frames in use.</summary>
    public int Busy { get; private set; }

    /// <summary>The longest time that a step held a shard's lock, in the stopwatch's ticks.</summary>
    public long LongestHoldTicks => _longestHold;

    /// <summary>The same as a time.</summary>
    public TimeSpan LongestHold => Stopwatch.GetElapsedTime(0, _longestHold);

    /// <summary>Whether no more may be merged or moved.</summary>
    public bool IsSpent => _isEnded || Merged + Moved >= maxFrames || cancellation.IsCancellationRequested;

    /// <summary>Merges frames of a shard, until there are no two that fit or the run is spent.</summary>
    public async ValueTask MergeAsync(Shard shard)
    {
        int busyTries = 0;
        ulong passedOver = 0;
        while (!IsSpent && busyTries < MaxBusyTries)
        {
            MoveStatus status = Enter() ? MergeOne(shard, ref passedOver) : MoveStatus.NoPlace;
            if (status == MoveStatus.NoPlace)
            {
                return;
            }

            bool isBusy = status == MoveStatus.Busy;
            busyTries = isBusy ? busyTries + 1 : 0;
            passedOver = isBusy ? 0 : passedOver;
            await PauseAsync(atOnce: isBusy);
        }
    }

    /// <summary>Moves a frame down, if it belongs to a shard and there is room below.</summary>
    public async ValueTask<MoveStatus> MoveDownAsync(Shard shard, FrameArena arena, FrameNumber frame)
    {
        MoveStatus status = Enter() ? MoveDown(shard, arena, frame) : MoveStatus.NoPlace;
        await PauseAsync(atOnce: false);
        return status;
    }

    /// <summary>Lets others have their turn when a burst is over.</summary>
    /// <param name="atOnce">Whether it is over in any case.</param>
    public ValueTask PauseAsync(bool atOnce) => _pace.StepAsync(isOver: atOnce);

    private bool Enter()
    {
        _isEnded = !operations.TryEnter();
        return !_isEnded;
    }

    private MoveStatus MoveDown(Shard shard, FrameArena arena, FrameNumber frame)
    {
        try
        {
            return TryMoveDown(shard, arena, frame);
        }
        finally
        {
            operations.Leave();
        }
    }

    private MoveStatus TryMoveDown(Shard shard, FrameArena arena, FrameNumber frame)
    {
        // The arena's lowest free frame. It counts for no budget, since another one goes back for it; so it is never
        // one of the last, which a store may have been promised.
        if (!arena.TryTakeSpare(out FrameNumber target))
        {
            return MoveStatus.NoPlace;
        }

        MoveStatus status = MoveStatus.NoPlace;
        if (target.Value < frame.Value)
        {
            // The system finds memory for it now, and not while the lock is held.
            arena[target][0] = 0;
            lock (shard.Gate)
            {
                long began = Stopwatch.GetTimestamp();
                status = shard.Migrator.TryMigrateTo(frame, target);
                shard.Counters.MovedFrames += status == MoveStatus.Moved ? 1 : 0;
                Note(shard, status, began);
            }
        }

        arena.Return(status == MoveStatus.Moved ? frame : target);
        Moved += status == MoveStatus.Moved ? 1 : 0;
        return status;
    }

    private MoveStatus MergeOne(Shard shard, ref ulong passedOver)
    {
        MoveStatus status;
        try
        {
            lock (shard.Gate)
            {
                long began = Stopwatch.GetTimestamp();
                status = shard.Merger.TryMergeOne(ref passedOver);
                shard.Counters.MergedFrames += status == MoveStatus.Moved ? 1 : 0;
                Note(shard, status, began);
            }
        }
        finally
        {
            operations.Leave();
        }

        Merged += status == MoveStatus.Moved ? 1 : 0;
        return status;
    }

    // Under the shard's lock.
    private void Note(Shard shard, MoveStatus status, long began)
    {
        if (status == MoveStatus.Busy)
        {
            Busy++;
            shard.Counters.CompactBusy++;
        }

        _longestHold = Math.Max(_longestHold, Stopwatch.GetTimestamp() - began);
    }
}
