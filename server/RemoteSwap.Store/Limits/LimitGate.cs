namespace RemoteSwap.Store;

/// <summary>
/// A limit with hysteresis (zswap's max_pool_percent and accept_threshold_percent): closed at or above the limit, open
/// again at or below the accept threshold. Without the gap between both a full pool would flap at every freed frame.
/// <code>
/// 0 ... reserved .............. stop ..... accept ....... wake ....... limit
///       guaranteed: the         the        stores are     the          stores are
///       threshold is a share    shrinker   taken again    shrinker     refused
///       of what is not          rests                     begins
/// </code>
/// <para>
/// Work is done ahead: the shrinker begins half way between the limit and where it rests, so that with a writeback
/// target that keeps up no store meets the limit at all.
/// </para>
/// <para>
/// Thread-safe: marks are changed under <c>_change</c> (a leaf lock) and read without it, each by itself. The flag is a
/// hint that each caller recomputes from the usage it sees; the hard bound is <see cref="FrameBudget"/>'s.
/// </para>
/// </summary>
internal sealed class LimitGate
{
    private const int MaxPercent = 100;

    // Of the limit; what the shrinker makes free at least, whatever the threshold.
    private const int LeastRoomDivisor = 64;

    private readonly Lock _change = new();
    private long _configuredFrames;
    private long _ceilingFrames = long.MaxValue;
    private long _limitFrames;
    private long _reservedFrames;
    private long _acceptFrames;
    private long _stopFrames;
    private long _wakeFrames;
    private int _acceptPercent;
    private bool _reached;

    public LimitGate(long limitFrames, int acceptPercent) => Set(limitFrames, acceptPercent);

    /// <summary>The limit in force: what was set, or the ceiling if that is lower.</summary>
    public long LimitFrames => Volatile.Read(ref _limitFrames);

    /// <summary>Frames of the limit that are guaranteed, and not for the threshold to dispose of.</summary>
    public long ReservedFrames => Volatile.Read(ref _reservedFrames);

    public long AcceptFrames => Volatile.Read(ref _acceptFrames);

    /// <summary>Where the shrinker rests: the accept threshold, or a 64th below the limit if that is less.</summary>
    public long StopFrames => Volatile.Read(ref _stopFrames);

    public int AcceptPercent => Volatile.Read(ref _acceptPercent);

    /// <summary>Whether the limit was hit and usage was not seen at or below the accept threshold since.</summary>
    public bool HasReachedLimit => Volatile.Read(ref _reached);

    public void Set(long limitFrames, int acceptPercent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limitFrames, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(acceptPercent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(acceptPercent, MaxPercent);
        lock (_change)
        {
            SetMarks(limitFrames, _reservedFrames, acceptPercent);
        }
    }

    /// <summary>Adds to what is reserved, or takes away from it.</summary>
    public void Reserve(long frames)
    {
        lock (_change)
        {
            SetMarks(_configuredFrames, _reservedFrames + frames, _acceptPercent);
        }
    }

    /// <summary>
    /// Sets a limit beside the one that was set; the lower of both is in force. What is reserved stays reserved, also
    /// where that is more.
    /// </summary>
    /// <param name="frames">The ceiling, at least 1.</param>
    public void SetCeiling(long frames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        lock (_change)
        {
            _ceilingFrames = frames;
            SetMarks(_configuredFrames, _reservedFrames, _acceptPercent);
        }
    }

    /// <summary>Notes that the limit stood in the way of a store.</summary>
    public void Hit() => Volatile.Write(ref _reached, true);

    /// <summary>Tells whether new pages are to be refused at this usage.</summary>
    public bool IsClosed(long usedFrames)
    {
        if (usedFrames >= LimitFrames)
        {
            Volatile.Write(ref _reached, true);
        }
        else if (HasReachedLimit && usedFrames <= AcceptFrames)
        {
            Volatile.Write(ref _reached, false);
        }

        return HasReachedLimit;
    }

    /// <summary>Tells whether the shrinker has work at this usage.</summary>
    public bool IsNear(long usedFrames) =>
        usedFrames >= Volatile.Read(ref _wakeFrames) || (HasReachedLimit && usedFrames > StopFrames);

    private void SetMarks(long configured, long reserved, int percent)
    {
        _configuredFrames = configured;
        long limit = Math.Min(configured, _ceilingFrames);
        long accept = reserved + (Math.Max(0, limit - reserved) * percent / MaxPercent);
        long stop = Math.Min(accept, limit - Math.Max(1, limit / LeastRoomDivisor));
        Volatile.Write(ref _limitFrames, limit);
        Volatile.Write(ref _reservedFrames, reserved);
        Volatile.Write(ref _acceptFrames, accept);
        Volatile.Write(ref _stopFrames, stop);
        Volatile.Write(ref _wakeFrames, limit - ((limit - stop) / 2));
        Volatile.Write(ref _acceptPercent, percent);
    }
}
