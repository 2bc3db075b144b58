namespace RemoteSwap.Client.Http2;

/// <summary>
/// Finds out a server that is gone without a word (a host that lost power): a connection that has been listened to for
/// twenty seconds without a byte is asked for a sign of life (PING), and given up when ten more have passed. Time in
/// which nobody listens does not count: what the server said may lie unread. Nor is a connection given up that was not
/// asked: after a pause of the whole process the server may be as well as before.
/// <para>
/// Locks: none; the reader says since when it listens, and all else is the timer's, which marks by that time what it
/// has asked for. A tick that is off by one does no harm.
/// </para>
/// </summary>
internal sealed class KeepAlive : IDisposable
{
    private const long Deaf = 0;

    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly Action _ask;
    private readonly Action<TimeSpan> _giveUp;
    private readonly ITimer _timer;

    // Since when the reader waits for a byte.
    private long _since = Deaf;

    // The timer's: for which wait it has asked, and when.
    private long _asked = Deaf;
    private long _askedAt;
    private int _isLooking;

    /// <summary>Begins.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="ask">Asks for a sign of life.</param>
    /// <param name="giveUp">Ends the connection, which was silent for so long.</param>
    public KeepAlive(TimeProvider time, Action ask, Action<TimeSpan> giveUp)
    {
        _time = time;
        _ask = ask;
        _giveUp = giveUp;
        _timer = time.CreateTimer(static self => ((KeepAlive)self!).Look(), this, s_period, s_period);
    }

    /// <summary>The reader begins to wait.</summary>
    public void Listen() => Volatile.Write(ref _since, Math.Max(1, _time.GetTimestamp()));

    /// <summary>Something has arrived.</summary>
    public void Hear() => Volatile.Write(ref _since, Deaf);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    // Ticks may overtake each other on a busy machine.
    private void Look()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            LookAlone();
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private void LookAlone()
    {
        long since = Volatile.Read(ref _since);
        if (since == Deaf)
        {
            return;
        }

        TimeSpan silent = _time.GetElapsedTime(since);
        if (_asked != since)
        {
            if (silent >= s_delay)
            {
                _asked = since;
                _askedAt = _time.GetTimestamp();
                _ask();
            }
        }
        else if (_time.GetElapsedTime(_askedAt) >= s_timeout)
        {
            _giveUp(silent);
        }
    }
}
