namespace RemoteSwap.Nbd.Transmission;

/// <summary>
/// Tells the log about requests that failed, with what really happened: the wire has room for a coarse error only. At
/// most one line a period and connection, which says how many were left out, so that a device out of reach does not
/// fill a disk.
/// <para>Locks: none; a race may cost or save a line.</para>
/// </summary>
internal sealed class FailureLog(Action<string> log)
{
    private const long PeriodMs = 1000;

    private long _nextMs = long.MinValue;
    private long _leftOut;

    /// <summary>Tells about a failed request, or counts it.</summary>
    public void Tell(in RequestHeader request, NbdResult result)
    {
        long now = Environment.TickCount64;
        long next = Volatile.Read(ref _nextMs);
        if (now < next || Interlocked.CompareExchange(ref _nextMs, now + PeriodMs, next) != next)
        {
            Interlocked.Increment(ref _leftOut);
            return;
        }

        long leftOut = Interlocked.Exchange(ref _leftOut, 0);
        string others = leftOut > 0 ? $" ({leftOut} other failures before were not logged)" : "";
        log($"{request.Command} of {request.Length} bytes at {request.Offset} failed with {result.Error}: "
            + $"{result.Message}{others}");
    }
}
