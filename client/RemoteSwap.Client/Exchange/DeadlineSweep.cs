namespace RemoteSwap.Client.Exchange;

/// <summary>
/// Ends calls whose time is up: one timer for all calls of a connection, which runs only while there are some. A timer
/// for each call would cost more than the call. The trade-off: a call may end a period late.
/// <para>Locks: none; any thread may arm it.</para>
/// </summary>
internal sealed class DeadlineSweep : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time;
    private readonly Func<long, bool> _sweep;
    private readonly long _callTicks;
    private readonly ITimer _timer;
    private int _isArmed;

    /// <summary>Makes a sweep that rests.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="callDeadline">The time that a call may take.</param>
    /// <param name="sweep">Ends the calls that are due at a timestamp; tells whether others are under way.</param>
    public DeadlineSweep(TimeProvider time, TimeSpan callDeadline, Func<long, bool> sweep)
    {
        _time = time;
        _sweep = sweep;
        _callTicks = (long)(callDeadline.TotalSeconds * time.TimestampFrequency);
        _timer = time.CreateTimer(
            static self => ((DeadlineSweep)self!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The time that a call may take, in the clock's timestamps.</summary>
    public long CallTicks => _callTicks;

    /// <summary>When a call that begins now is due.</summary>
    public long Deadline() => _time.GetTimestamp() + _callTicks;

    /// <summary>Says that a call is under way.</summary>
    public void Arm()
    {
        if (Volatile.Read(ref _isArmed) == 0 && Interlocked.Exchange(ref _isArmed, 1) == 0)
        {
            _timer.Change(s_period, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Run()
    {
        // Disarmed first: a call that begins while the lanes are looked through arms it again.
        Volatile.Write(ref _isArmed, 0);
        if (_sweep(_time.GetTimestamp()))
        {
            Arm();
        }
    }
}
