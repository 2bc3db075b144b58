using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// What a direct connection owes by a time: a head within Transport:HeadersTimeout, a sign of life when it was silent
/// for Transport:PingDelay, the taking of what is sent to it. It looks once a second, with the web server's heart.
/// <para>
/// Whoever takes bytes only says that there were some, so that the clock costs nothing where messages pass. Any bytes
/// are a sign of life.
/// </para>
/// <para>Locks: none. The heart alone looks; flags come from the connection's loop.</para>
/// </summary>
/// <param name="limits">The times.</param>
/// <param name="time">The clock.</param>
internal sealed class LineWatch(TransportLimits limits, TimeProvider time)
{
    private readonly long _begun = time.GetTimestamp();
    private long _lastHeard = time.GetTimestamp();
    private long _asked;
    private long _lingersSince;
    private volatile bool _isHeard;
    private volatile bool _hasHead;

    /// <summary>Bytes have come.</summary>
    public void Hear() => _isHeard = true;

    /// <summary>The head has come.</summary>
    public void TakeHead() => _hasHead = true;

    /// <summary>The last word is said.</summary>
    public void Linger()
    {
        if (Volatile.Read(ref _lingersSince) == 0)
        {
            Volatile.Write(ref _lingersSince, Now());
        }
    }

    /// <summary>Whether the line has lingered long enough.</summary>
    public bool IsLingerOver => IsOver(Volatile.Read(ref _lingersSince), DirectLimits.Linger);

    /// <summary>Whether the head has not come in time.</summary>
    public bool IsHeadLate =>
        !_hasHead && Volatile.Read(ref _lingersSince) == 0 && IsOver(_begun, limits.HeadersTimeout);

    /// <summary>Looks at a line.</summary>
    /// <param name="stalledSince">When the client began not to take what is sent; 0: it takes it.</param>
    /// <param name="starvedSince">When the client's window was found closed; 0: it is not.</param>
    public LineState Look(long stalledSince, long starvedSince)
    {
        if (_isHeard)
        {
            _isHeard = false;
            _lastHeard = Now();
            _asked = 0;
        }

        if (IsOver(stalledSince, DirectLimits.LongestStall) || IsOver(starvedSince, DirectLimits.LongestStall)
            || IsOver(_asked, limits.PingTimeout))
        {
            return LineState.Dead;
        }

        if (IsHeadLate || IsLingerOver)
        {
            return LineState.Due;
        }

        if (_asked == 0 && limits.PingDelay is { } delay && IsOver(_lastHeard, delay))
        {
            _asked = Now();
            return LineState.Silent;
        }

        return LineState.Alive;
    }

    private long Now() => Math.Max(1, time.GetTimestamp());

    private bool IsOver(long since, TimeSpan length) => since != 0 && time.GetElapsedTime(since) >= length;
}
