namespace RemoteSwap.Store;

/// <summary>
/// When background compaction looks after a shard: its half-empty frames are more than a share of all, and so many of
/// them can be paired that it is worth it. How many can is counted from the lengths of the pool's lists, so a pool full
/// of zpages that do not fit together costs a look and no more.
/// <para>
/// A shard whose frames were mostly in use is left alone for a while, each time for twice as long, up to
/// <see cref="MaxWait"/> ticks. Called by one task.
/// </para>
/// </summary>
internal sealed class CompactionTurn(Tenant tenant, Shard shard)
{
    /// <summary>The most ticks that a shard is left alone for.</summary>
    public const int MaxWait = 64;

    /// <summary>Fewer frames than these are not worth a run: 128 KiB.</summary>
    public const int LeastMerges = 32;

    // Nor is less than a 50th of the pool's frames.
    private const int LeastShareDivisor = 50;
    private const int Percent = 100;

    private int _wait;
    private int _lastWait;

    public Tenant Tenant => tenant;

    public Shard Shard => shard;

    /// <summary>Tells whether to merge now, and how many frames that can free.</summary>
    /// <param name="abovePercent">The share of half-empty frames that is left alone, in percent.</param>
    /// <param name="possible">Frames that merging can free.</param>
    public bool IsDue(int abovePercent, out int possible)
    {
        possible = 0;
        if (_wait > 0)
        {
            _wait--;
            return false;
        }

        if (tenant.Poison is not null)
        {
            return false;
        }

        lock (shard.Gate)
        {
            Pool.PoolStatistics now = shard.Pool.Statistics;
            if ((long)now.Unbuddied * Percent <= (long)now.Frames * abovePercent)
            {
                return false;
            }

            possible = shard.Merger.CountMerges();
            return possible >= LeastMerges && possible >= now.Frames / LeastShareDivisor;
        }
    }

    /// <summary>Notes what became of a run.</summary>
    /// <param name="wanted">Frames that it could have freed.</param>
    /// <param name="merged">Frames that it freed.</param>
    public void Note(int wanted, int merged)
    {
        _lastWait = merged >= wanted / 2 ? 0 : Math.Min(MaxWait, (2 * _lastWait) + 1);
        _wait = _lastWait;
    }
}
