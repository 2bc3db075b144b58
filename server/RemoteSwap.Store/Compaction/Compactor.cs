using System.Diagnostics;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Undoes what churn does to density: pairs up lone zpages, shard by shard, then moves frames together and gives memory
/// back to the system. On request for a tenant, and by itself in the background.
/// <para>
/// What it is not: a way to pair zpages of two tenants, or of two shards of one. No frame ever holds zpages of two
/// tenants; and a frame of two shards would have two locks. The price of shards is at most one lone zpage in each where
/// sizes fit, and none to speak of where they do not.
/// </para>
/// <para>
/// Locks: a shard's, for one step; see <see cref="CompactionRun"/>. Any number of runs may go on at once;
/// <see cref="TickAsync"/> is called by one task.
/// </para>
/// </summary>
public sealed class Compactor
{
    /// <summary>The most frames that are merged in a tick of the background: 64 MiB.</summary>
    public const int MaxMergesPerTick = 16_384;

    /// <summary>The most frames that are moved in a tick of the background: 16 MiB.</summary>
    public const int MaxMovesPerTick = 4_096;

    private readonly PageStore _store;
    private readonly FrameDescent _descent;
    private readonly CompactionTurn[] _turns;
    private volatile bool _isSqueezed;
    private int _next;
    private long _runs;
    private ulong _longestHold;

    internal Compactor(PageStore store)
    {
        _store = store;
        _descent = new FrameDescent(store.Arena, store.Tenants);
        List<CompactionTurn> turns = [];
        foreach (Tenant tenant in store.Tenants)
        {
            foreach (Shard shard in tenant.Shards)
            {
                turns.Add(new CompactionTurn(tenant, shard));
            }
        }

        _turns = [.. turns];
    }

    /// <summary>
    /// Whether memory is short: then the background merges whatever it can, also below the share that is left alone.
    /// </summary>
    public bool IsSqueezed
    {
        get => _isSqueezed;
        set => _isSqueezed = value;
    }

    /// <summary>Free frames that stay committed: where memory is short none do.</summary>
    internal int FramesToKeep => IsSqueezed ? 0 : _store.Arena.WarmFrames;

    /// <summary>Runs that merged or moved anything, on request and in the background.</summary>
    public long Runs => Volatile.Read(ref _runs);

    /// <summary>The longest time that a step has held a shard's lock since the start.</summary>
    public TimeSpan LongestHold => Stopwatch.GetElapsedTime(0, (long)Volatile.Read(ref _longestHold));

    /// <summary>Merges half-empty frames of a tenant, moves its frames together and gives memory back.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="maxFrames">The most frames to merge and move, at least 1.</param>
    /// <param name="cancellation">Ends it between two frames; what is done is done.</param>
    public async ValueTask<CompactResult> RunAsync(
        Tenant tenant, int maxFrames, CancellationToken cancellation = default)
    {
        CompactionRun run = new(maxFrames, _store.Operations, cancellation);
        long givenBack = 0;
        if (tenant.Poison is null)
        {
            try
            {
                for (int shard = 0; shard < tenant.Shards.Length; shard++)
                {
                    await run.MergeAsync(tenant.Shards[shard]);
                }

                await _descent.RunAsync(run, tenant, uint.MaxValue, maxFrames);
                givenBack = await TrimAsync();
            }
            catch (InvariantViolationException violation)
            {
                tenant.SetPoison(violation);
            }
        }

        Note(run);
        return new CompactResult(run.Merged, run.Moved, run.Busy, run.LongestHold, givenBack);
    }

    /// <summary>
    /// The background's work, to be called once a second: merges where half-empty frames are too many, one shard after
    /// the other and <see cref="MaxMergesPerTick"/> in all, then moves frames down where they lie scattered.
    /// </summary>
    /// <param name="cancellation">Ends it between two frames.</param>
    public async ValueTask TickAsync(CancellationToken cancellation)
    {
        bool isSqueezed = IsSqueezed;
        if (_store.Options.CompactAbovePercent == 0 && !isSqueezed)
        {
            return;
        }

        int above = isSqueezed ? 0 : _store.Options.CompactAbovePercent;
        CompactionRun run = new(MaxMergesPerTick, _store.Operations, cancellation);
        for (int turn = 0; turn < _turns.Length && !run.IsSpent; turn++)
        {
            await MergeAsync(run, _turns[_next], above);
            _next = (_next + 1) % _turns.Length;
        }

        CompactionRun moves = new(MaxMovesPerTick, _store.Operations, cancellation);
        await _descent.TickAsync(moves, MaxMovesPerTick);
        Note(run);
        Note(moves);
    }

    /// <summary>
    /// Gives free memory beyond the reserve back to the system, in short bursts, so that nobody who needs a frame
    /// meanwhile waits for it.
    /// </summary>
    /// <returns>Bytes given back.</returns>
    public async ValueTask<long> TrimAsync()
    {
        BurstPace pace = new();
        long given = 0;
        int segment = int.MaxValue;
        while (_store.Arena.TryTrimBelow(ref segment, FramesToKeep, out int frames))
        {
            given += frames;
            await pace.StepAsync();
        }

        return given * FrameArena.FrameBytes;
    }

    private static async ValueTask MergeAsync(CompactionRun run, CompactionTurn turn, int above)
    {
        try
        {
            if (turn.IsDue(above, out int possible))
            {
                int before = run.Merged;
                await run.MergeAsync(turn.Shard);
                turn.Note(run.IsSpent ? 0 : possible, run.Merged - before);
            }
        }
        catch (InvariantViolationException violation)
        {
            turn.Tenant.SetPoison(violation);
        }
    }

    private void Note(CompactionRun run)
    {
        if (run.Merged + run.Moved > 0)
        {
            Interlocked.Increment(ref _runs);
        }

        AtomicMost.Note(ref _longestHold, (ulong)run.LongestHoldTicks);
    }
}
