namespace RemoteSwap.Store;

/// <summary>
/// A limit with hysteresis (zswap's max_pool_percent and accept_threshold_percent): closed at or above the limit, open
/// again at or below the accept threshold. Without the gap between both a full pool would flap at every freed frame.
/// <para>
/// Thread-safe without a lock: the flag is a hint that each caller recomputes from the usage it sees; the hard bound is
/// <see cref="FrameBudget"/>'s.
/// </para>
/// </summary>
internal sealed class LimitGate
{
    private const int MaxPercent = 100;
    private long _limitFrames;
    private long _acceptFrames;
    private int _acceptPercent;
    private bool _reached;

    public LimitGate(long limitFrames, int acceptPercent) => Set(limitFrames, acceptPercent);

    public long LimitFrames => Volatile.Read(ref _limitFrames);

    public long AcceptFrames => Volatile.Read(ref _acceptFrames);

    public int AcceptPercent => Volatile.Read(ref _acceptPercent);

    /// <summary>Whether the limit was hit and usage was not seen at or below the accept threshold since.</summary>
    public bool HasReachedLimit => Volatile.Read(ref _reached);

    public void Set(long limitFrames, int acceptPercent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limitFrames, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(acceptPercent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(acceptPercent, MaxPercent);
        Volatile.Write(ref _limitFrames, limitFrames);
        Volatile.Write(ref _acceptFrames, limitFrames * acceptPercent / MaxPercent);
        Volatile.Write(ref _acceptPercent, acceptPercent);
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
}
