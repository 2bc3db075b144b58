using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Frames up to a limit, charged before they are taken, so that usage never exceeds the limit by more than was there
/// when a limit was lowered. Chained: a tenant's budget takes from the server's, the server's from the arena.
/// Everything that grows with the number of pages is charged here: frames of zpages, index leaves, handles.
/// <para>Thread-safe; no lock.</para>
/// </summary>
internal sealed class FrameBudget(IFrameSource source, LimitGate gate, FrameBudget? server = null) : IFrameSource
{
    /// <summary>The most frames that one store takes: slab, leaf, handles, header, and the frame itself.</summary>
    private const int FramesPerStore = 5;

    private long _used;

    /// <summary>The limit's hysteresis.</summary>
    public LimitGate Gate => gate;

    /// <summary>Frames taken and not returned.</summary>
    public long UsedFrames => Volatile.Read(ref _used);

    /// <summary>Usage in thousandths of the limit, 0 to 1000.</summary>
    public int UsagePermille => (int)Math.Min(1000, UsedFrames * 1000 / gate.LimitFrames);

    /// <summary>Tells whether new pages are to be refused now.</summary>
    public bool IsClosed() => gate.IsClosed(UsedFrames);

    /// <summary>
    /// Which limit stood in the way of a store that could not get its frames, and notes that it was hit. A store that
    /// gives up has given back what it took first, so a limit within reach of one store is the one that was hit.
    /// </summary>
    public BudgetRefusal WhyRefused()
    {
        if (IsWithinReach())
        {
            gate.Hit();
            return BudgetRefusal.TenantLimit;
        }

        if (server is not null && server.IsWithinReach())
        {
            server.Gate.Hit();
            return BudgetRefusal.ServerLimit;
        }

        return BudgetRefusal.None;
    }

    /// <inheritdoc/>
    public bool TryTake(out FrameNumber frame)
    {
        if (Interlocked.Increment(ref _used) <= gate.LimitFrames && source.TryTake(out frame))
        {
            return true;
        }

        Interlocked.Decrement(ref _used);
        frame = FrameNumber.None;
        return false;
    }

    /// <inheritdoc/>
    public void Return(FrameNumber frame)
    {
        source.Return(frame);
        Interlocked.Decrement(ref _used);
    }

    private bool IsWithinReach() => UsedFrames > gate.LimitFrames - FramesPerStore;
}
