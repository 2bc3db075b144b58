using System.Diagnostics;

namespace RemoteSwap.Server.Transport;

/// <summary>
/// How much of a connection a poller takes at a time. The web server's transport goes on receiving while there is
/// something to receive, so a client that sends without end would keep the poller from all its other sockets, those
/// that listen among them. By rounds and bytes within a millisecond: a client that waits for its replies never gets
/// that far, and is never made to change threads.
/// <para>One user. A structure, to be kept in a field.</para>
/// </summary>
internal struct PollerTurn
{
    /// <summary>Rounds of a turn.</summary>
    public const int MostRounds = 32;

    /// <summary>Bytes of a turn.</summary>
    public const int MostBytes = 256 << 10;

    /// <summary>Requests at hand that are carried out before others have their turn.</summary>
    public const int MostRequests = 32;

    private static readonly long s_ticks = Stopwatch.Frequency / 1000;

    private long _began;
    private int _rounds;
    private long _bytes;

    /// <summary>Counts a round; asks whether others are to have their turn.</summary>
    /// <param name="bytes">What it took.</param>
    public bool IsOver(long bytes)
    {
        long now = Stopwatch.GetTimestamp();
        if (now - _began > s_ticks)
        {
            _began = now;
            _rounds = 0;
            _bytes = 0;
        }

        _rounds++;
        _bytes += bytes;
        return _rounds > MostRounds || _bytes > MostBytes;
    }
}
