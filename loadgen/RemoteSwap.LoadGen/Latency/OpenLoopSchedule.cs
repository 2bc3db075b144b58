namespace RemoteSwap.LoadGen.Latency;

/// <summary>
/// When each call of a worker is meant to start, at a steady rate, whatever became of the calls before. A worker that
/// was held up makes the late calls at once, and their latency counts from the intended start: what was waiting is not
/// forgotten (no coordinated omission). Used by one worker.
/// </summary>
internal sealed class OpenLoopSchedule
{
    private readonly TimeProvider _clock;
    private readonly long _startTimestamp;
    private readonly double _intervalTicks;
    private readonly double _offsetTicks;
    private long _nextCall;

    /// <summary>Creates a schedule that starts now.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="callsPerSecond">The worker's rate, greater than 0.</param>
    /// <param name="offset">
    /// Share of an interval that the first call waits, 0 to 1, so that workers do not start in step.
    /// </param>
    public OpenLoopSchedule(TimeProvider clock, double callsPerSecond, double offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(callsPerSecond);
        _clock = clock;
        _startTimestamp = clock.GetTimestamp();
        _intervalTicks = clock.TimestampFrequency / callsPerSecond;
        _offsetTicks = _intervalTicks * offset;
    }

    /// <summary>
    /// How late the timer let calls start that were waited for: an error of this program, not of the server.
    /// </summary>
    public LatencyRecorder TimerLateness { get; } = new();

    /// <summary>Waits for the next intended start.</summary>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>
    /// Where the call's latency counts from, as a timestamp of the clock: the intended start, or now if the timer,
    /// which knows whole milliseconds only, ended the wait early. There is no wait if the intended start has passed.
    /// </returns>
    public async ValueTask<long> WaitForNextAsync(CancellationToken stop)
    {
        long intended = _startTimestamp + (long)(_offsetTicks + (_nextCall * _intervalTicks));
        _nextCall++;
        TimeSpan wait = _clock.GetElapsedTime(_clock.GetTimestamp(), intended);
        if (wait <= TimeSpan.Zero)
        {
            return intended;
        }

        await Task.Delay(wait, _clock, stop);
        long now = _clock.GetTimestamp();
        TimerLateness.Record(_clock.GetElapsedTime(intended, now));
        return Math.Min(intended, now);
    }
}
