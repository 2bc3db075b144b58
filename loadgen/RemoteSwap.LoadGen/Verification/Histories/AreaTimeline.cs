namespace RemoteSwap.LoadGen.Verification.Histories;

/// <summary>
/// What befell an area as a whole: when its server lost its memory, and when owners were fenced. Its size is that of
/// the faults that were done, some dozens a minute.
/// <para>Lock: its own, around single look-ups; nothing is called inside.</para>
/// </summary>
/// <param name="start">The time that others are shown relative to.</param>
internal sealed class AreaTimeline(long start)
{
    private readonly Lock _gate = new();
    private readonly List<(long From, long To)> _losses = [];
    private readonly Dictionary<int, (long From, long To)> _fences = [];

    /// <summary>The time that others are shown relative to.</summary>
    public long Start => start;

    /// <summary>
    /// Whether the server may run full: a store that it refuses takes the slot's page with it before its caller knows.
    /// </summary>
    public bool MayRefuse { get; init; }

    /// <summary>The server is about to lose its memory.</summary>
    public void BeginLoss(long now)
    {
        lock (_gate)
        {
            _losses.Add((now, SlotOperation.Never));
        }
    }

    /// <summary>It has lost it.</summary>
    public void EndLoss(long now)
    {
        lock (_gate)
        {
            _losses[^1] = (_losses[^1].From, now);
        }
    }

    /// <summary>A session is about to be fenced.</summary>
    public void BeginFence(int session, long now)
    {
        lock (_gate)
        {
            _fences.TryAdd(session, (now, SlotOperation.Never));
        }
    }

    /// <summary>The attach has answered: the session is fenced.</summary>
    public void EndFence(int session, long now)
    {
        lock (_gate)
        {
            _fences[session] = (_fences.TryGetValue(session, out (long From, long To) begun) ? begun.From : now, now);
        }
    }

    /// <summary>Whether what was invoked at one time may have been lost by another.</summary>
    public bool MayBeLost(long invoked, long by)
    {
        lock (_gate)
        {
            return _losses.Exists(loss => loss.From < by && invoked < loss.To);
        }
    }

    /// <summary>Whether a session may have been fenced by a time.</summary>
    public bool MayBeFenced(int session, long by)
    {
        lock (_gate)
        {
            return _fences.TryGetValue(session, out (long From, long To) fence) && fence.From < by;
        }
    }

    /// <summary>When a session was fenced for certain; never, if it was not.</summary>
    public long FencedAt(int session)
    {
        lock (_gate)
        {
            return _fences.TryGetValue(session, out (long From, long To) fence) ? fence.To : SlotOperation.Never;
        }
    }
}
