namespace RemoteSwap.Simulation.World;

/// <summary>A timer of a simulated world.</summary>
internal sealed class SimTimer(SimScheduler scheduler, TimerCallback callback, object? state) : ITimer
{
    private int _version;

    /// <inheritdoc/>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        int version = ++_version;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            scheduler.At(dueTime, () => Run(version, period));
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _version++;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Run(int version, TimeSpan period)
    {
        if (version != _version)
        {
            return;
        }

        if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero)
        {
            scheduler.At(period, () => Run(version, period));
        }

        callback(state);
    }
}
