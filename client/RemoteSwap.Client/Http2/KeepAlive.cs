namespace RemoteSwap.Client.Http2;

/// <summary>
/// Finds out a server that is gone without a word (a host that lost power): a connection that has been listened to for
/// twenty seconds without a byte is asked for a sign of life (PING), and given up when ten more have passed. Time in
/// which nobody listens does not count: what the server said may lie unread.
/// <para>Locks: none; the reader writes, the timer reads, and a tick that is off by one does no harm.</para>
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
    private bool _hasAsked;

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
    public void Hear()
    {
        Volatile.Write(ref _since, Deaf);
        _hasAsked = false;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long since = Volatile.Read(ref _since);
        if (since == Deaf)
        {
            return;
        }

        TimeSpan silent = _time.GetElapsedTime(since);
        if (silent >= s_delay + s_timeout)
        {
            _giveUp(silent);
        }
        else if (silent >= s_delay && !_hasAsked)
        {
            _hasAsked = true;
            _ask();
        }
    }
}
