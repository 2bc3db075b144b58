namespace RemoteSwap.Store;

/// <summary>
/// A token bucket that may be overdrawn: who takes more than is in it is let in and told how long to pause, up to a
/// bound; beyond it nothing is taken and the answer is no. So a caller that waits for its answers is slowed down and
/// never refused, and one that does not is refused.
/// <para>
/// One number is all its state: the time until which what was taken is paid for. No timer refills it, and the rate may
/// change at any time. System.Threading.RateLimiting was looked at: its bucket has a timer, a lease object a call, and
/// a queue that holds callers before they are carried out.
/// </para>
/// <para>Thread-safe: one compare and swap; no lock.</para>
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class RateBucket(TimeProvider time)
{
    private long _paidUntil = long.MinValue;

    /// <summary>Takes tokens.</summary>
    /// <param name="cost">How many.</param>
    /// <param name="perSecond">How many come each second, at least 1.</param>
    /// <param name="burst">How many it holds.</param>
    /// <param name="longest">The longest pause.</param>
    /// <param name="pause">How long the taker must pause; if nothing was taken, how long it would have to.</param>
    /// <returns>Whether they were taken.</returns>
    public bool TryTake(long cost, long perSecond, long burst, TimeSpan longest, out TimeSpan pause)
    {
        double ticksEach = (double)time.TimestampFrequency / perSecond;
        long price = (long)Math.Ceiling(cost * ticksEach);
        long credit = (long)(burst * ticksEach);
        long before = Volatile.Read(ref _paidUntil);
        while (true)
        {
            long now = time.GetTimestamp();
            long after = Math.Max(before, now) + price;
            long debt = Math.Max(0, after - now - credit);
            pause = TimeSpan.FromSeconds((double)debt / time.TimestampFrequency);
            if (pause > longest)
            {
                return false;
            }

            long seen = Interlocked.CompareExchange(ref _paidUntil, after, before);
            if (seen == before)
            {
                return true;
            }

            before = seen;
        }
    }

    /// <summary>How many tokens were taken ahead of their time.</summary>
    public long Ahead(long perSecond)
    {
        long ticks = Math.Max(Volatile.Read(ref _paidUntil), 0) - time.GetTimestamp();
        return (long)(Math.Max(0, ticks) * ((double)perSecond / time.TimestampFrequency));
    }

    /// <summary>Gives tokens back that were not used after all.</summary>
    public void GiveBack(long cost, long perSecond) =>
        Interlocked.Add(ref _paidUntil, -(long)Math.Ceiling(cost * ((double)time.TimestampFrequency / perSecond)));
}
