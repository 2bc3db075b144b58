namespace RemoteSwap.Fuzz.Http2;

/// <summary>A clock that stands still: nothing is late in a run, so runs are the same each time.</summary>
internal sealed class FrozenTime : TimeProvider, ITimer
{
    public static FrozenTime Instance { get; } = new();

    public override long GetTimestamp() => 1;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        this;

    public bool Change(TimeSpan dueTime, TimeSpan period) => true;

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
