namespace RemoteSwap.Simulation.World;

/// <summary>The clock of a simulated world, for production code.</summary>
internal sealed class SimTime(SimScheduler scheduler) : TimeProvider
{
    // 2026: generations and incarnations begin with the time.
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => s_start.AddTicks(scheduler.Now);

    // Not 0: that stands for "never" in more than one place.
    /// <inheritdoc/>
    public override long GetTimestamp() => TimeSpan.TicksPerSecond + scheduler.Now;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        SimTimer timer = new(scheduler, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
