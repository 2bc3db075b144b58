namespace RemoteSwap.Store.Tests.Rig;

/// <summary>
/// A clock that stands still: a test moves it on, or lets all timers that run at that moment expire.
/// </summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _now;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    /// <summary>Moves the clock on; timers stay.</summary>
    public void Advance(TimeSpan time) =>
        Interlocked.Add(ref _now, (long)(time.TotalSeconds * TimestampFrequency));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Add(new ManualTimer(() => callback(state)));
            return _timers[^1];
        }
    }

    /// <summary>Lets all timers expire.</summary>
    public void Expire()
    {
        ManualTimer[] due;
        lock (_gate)
        {
            due = [.. _timers];
            _timers.Clear();
        }

        foreach (ManualTimer timer in due)
        {
            timer.Fire();
        }
    }

    private sealed class ManualTimer(Action fire) : ITimer
    {
        private volatile bool _isOver;

        public void Fire()
        {
            if (!_isOver)
            {
                fire();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => !_isOver;

        public void Dispose() => _isOver = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
