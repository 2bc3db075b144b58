namespace RemoteSwap.Store;

/// <summary>
/// The frames of all tenants together: each tenant's guarantee, whether it uses it or not, and what it uses beyond.
/// Guarantees are charged when they are given, so that no flood of others can use them up: a frame within a guarantee
/// needs nothing from here, and one beyond it finds only what nobody was promised.
/// <code>
/// charged = sum over tenants of max(guarantee, used), at most the limit; the arena has as many frames
/// </code>
/// <para>
/// A charge comes before what it is for and goes after it (<see cref="FrameBudget"/>), so the sum is never too low; for
/// a moment it may be too high by one frame for each taker that has to look again.
/// </para>
/// <para>Thread-safe; no lock.</para>
/// </summary>
internal sealed class ServerBudget(LimitGate gate)
{
    private long _charged;

    /// <summary>The limit's hysteresis; what is reserved in it are the guarantees.</summary>
    public LimitGate Gate => gate;

    /// <summary>Frames that are guaranteed, or used beyond a guarantee.</summary>
    public long ChargedFrames => Volatile.Read(ref _charged);

    /// <summary>Charged frames in thousandths of the limit, 0 to 1000.</summary>
    public int UsagePermille => (int)Math.Clamp(ChargedFrames * 1000 / gate.LimitFrames, 0, 1000);

    /// <summary>Whether there is work for the shrinker: near the limit, and somebody beyond a guarantee.</summary>
    public bool NeedsShrinking => gate.IsNear(ChargedFrames) && ChargedFrames > gate.ReservedFrames;

    /// <summary>Tells whether new pages that no guarantee covers are to be refused now.</summary>
    public bool IsClosed() => gate.IsClosed(ChargedFrames);

    /// <summary>Whether one store may need more frames than there are.</summary>
    public bool IsWithinReach(int framesPerStore) => ChargedFrames > gate.LimitFrames - framesPerStore;

    /// <summary>Charges frames, if there are so many.</summary>
    public bool TryCharge(long frames)
    {
        if (Interlocked.Add(ref _charged, frames) <= gate.LimitFrames)
        {
            return true;
        }

        Uncharge(frames);
        return false;
    }

    /// <summary>Ends a charge.</summary>
    public void Uncharge(long frames) => Interlocked.Add(ref _charged, -frames);
}
