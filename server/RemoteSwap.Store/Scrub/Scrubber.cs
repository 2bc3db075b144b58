using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Finds rotten pages before somebody needs them: walks all tenants leaf by leaf, with a kept cursor and at a limited
/// rate, and compares every zpage and every frame image with its checksum.
/// <para>
/// What it is not: a repair. There is no second copy; a corrupt page is counted, once for each pass, and stays where it
/// is: a Load of it answers CORRUPT, so wrong bytes never leave. A page that comes behind the cursor has its turn in
/// the next pass.
/// </para>
/// <para>
/// Trade-off: the rate is a limit on what is read, not a promise of a pass's length. A leaf is checked whole, and what
/// it was beyond the allowance is paid back before the next one. It costs its own frame too, so that a walk over leaves
/// without zpages is bounded as well; a spilled page costs the image that is read for it.
/// </para>
/// <para>
/// Locks: the shard's, for one leaf, to hold its pages and to let go of them (<see cref="LeafCheck"/>). Called by one
/// task at a time; <see cref="Passes"/> by anybody.
/// </para>
/// </summary>
public sealed class Scrubber
{
    private const int LeafBytes = FrameArena.FrameBytes;

    // After a standstill the time is not caught up on: that would be a burst, and just then others have work to do.
    private static readonly TimeSpan s_longestElapsed = TimeSpan.FromSeconds(1);

    private readonly PageStore _store;
    private readonly LeafCheck _check;
    private IEnumerator<(Tenant Tenant, Shard Shard, AreaId Area, Slot First)>? _walk;
    private TimeSpan _sincePassBegan = ShortestPass;
    private double _allowance;
    private long _passes;

    internal Scrubber(PageStore store)
    {
        _store = store;
        _check = new LeafCheck(store.Target);
    }

    /// <summary>From the begin of a pass to that of the next at least; memory does not rot faster.</summary>
    public static TimeSpan ShortestPass { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Passes over all tenants that were completed.</summary>
    public long Passes => Volatile.Read(ref _passes);

    /// <summary>
    /// Goes on for as many bytes as the rate allows for a time. Ends early at the end of a pass. After an exception a
    /// new pass begins when its time has come.
    /// </summary>
    /// <param name="elapsed">The time since the last call; more than a second counts as one.</param>
    /// <param name="cancellation">Ends it between two pages.</param>
    public async ValueTask ScrubAsync(TimeSpan elapsed, CancellationToken cancellation)
    {
        _sincePassBegan += elapsed;
        TimeSpan paid = elapsed < s_longestElapsed ? elapsed : s_longestElapsed;

        // What was not used is lost, what was used too much is owed.
        _allowance = Math.Min(_allowance, 0) + (_store.Options.ScrubBytesPerSecond * paid.TotalSeconds);
        try
        {
            while (_allowance > 0 && HasPass())
            {
                cancellation.ThrowIfCancellationRequested();
                if (!_walk!.MoveNext())
                {
                    _walk = null;
                    Interlocked.Increment(ref _passes);
                    return;
                }

                (Tenant tenant, Shard shard, AreaId area, Slot first) = _walk.Current;
                await CheckAsync(tenant, shard, area, first, cancellation);
            }
        }
        catch
        {
            _walk = null;
            throw;
        }
    }

    private bool HasPass()
    {
        if (_walk is null && _sincePassBegan >= ShortestPass)
        {
            _sincePassBegan = TimeSpan.Zero;
            _walk = Leaves().GetEnumerator();
        }

        return _walk is not null;
    }

    // Of a poisoned tenant nothing can be trusted, least of all the way to its pages.
    private IEnumerable<(Tenant Tenant, Shard Shard, AreaId Area, Slot First)> Leaves()
    {
        foreach (Tenant tenant in _store.Tenants)
        {
            for (int number = 0; number < tenant.Shards.Length; number++)
            {
                Shard shard = tenant.Shards[number];
                foreach ((AreaId area, Slot first) in LeafWalk.Of(shard).TakeWhile(_ => tenant.Poison is null))
                {
                    yield return (tenant, shard, area, first);
                }
            }
        }
    }

    private async ValueTask CheckAsync(
        Tenant tenant, Shard shard, AreaId area, Slot first, CancellationToken cancellation)
    {
        try
        {
            try
            {
                _check.Begin(tenant, shard, area, first);
                _check.CompareZpages();
                await _check.CompareImagesAsync(cancellation);
            }
            finally
            {
                _check.End();
                _allowance -= LeafBytes + _check.Bytes;
                shard.Counters.AddScrubbed(_check.Pages, _check.Corrupt.Count);
            }
        }
        catch (InvariantViolationException violation)
        {
            tenant.SetPoison(violation);
        }
    }
}
