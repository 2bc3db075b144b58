namespace RemoteSwap.Client.Tests.Http2;

/// <summary>A clock of seconds that jumps: its one timer ticks once, however long it was.</summary>
internal sealed class PausedTime : TimeProvider
{
    private long _ticks = 1;
    private Action? _tick;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _tick = () => callback(state);
        return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>So much time passes, and then the timer ticks.</summary>
    public void Tick(TimeSpan passed)
    {
        _ticks += passed.Ticks;
        _tick?.Invoke();
    }
}
