namespace RemoteSwap.Client;

/// <summary>
/// Hands out the generations of one area: every store and invalidation of a page gets one of its own, newer than all
/// before. The server keeps the newest, so a repeated or late call can neither bring an older page back nor kill a
/// newer one.
/// <para>
/// It starts at the time in microseconds since 1970, so that a client that was started again goes on above its former
/// self without having written anything down. That holds while a client uses fewer than a million generations a second
/// on average and the clock is not set back further than to the former start. Where it does not hold, stores are
/// refused as stale; no older page comes back. It is not for two connections that write to one area at the same time.
/// </para>
/// <para>Lock-free; any thread may call.</para>
/// </summary>
internal sealed class GenerationCounter
{
    private long _last;

    /// <summary>Starts a counter at a clock's time.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="newest">The newest generation that is known to have been used; the counter starts above it.</param>
    public GenerationCounter(TimeProvider time, ulong newest = 0)
    {
        long microseconds = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        const long Most = (long)WireLimits.MaxGeneration;
        _last = Math.Clamp(Math.Max(microseconds, (long)Math.Min(newest, WireLimits.MaxGeneration)), 0, Most);
    }

    /// <summary>Takes a run of generations.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>The first; the others follow it one by one.</returns>
    /// <exception cref="InvalidOperationException">
    /// All 2^56 - 1 generations are used up, or the clock is beyond them.
    /// </exception>
    public ulong Take(int count)
    {
        ulong last = (ulong)Interlocked.Add(ref _last, count);
        if (last > WireLimits.MaxGeneration)
        {
            throw new InvalidOperationException(
                $"Generation {last} is above the largest one, {WireLimits.MaxGeneration}: is the clock of this computer"
                + " right? Correct it and open a new connection.");
        }

        return last - (ulong)count + 1;
    }
}
