using RemoteSwap.Cli.App;
using RemoteSwap.Units;

namespace RemoteSwap.Cli.Commands;

/// <summary>
/// The times of who waits for a server that is away, as a device does. Each must be shorter than the next, or the one
/// above gives up first:
/// <code>
/// a connect + the wait before the next one  &lt;  the call (stall)  &lt;  the server keeps a silent owner's area
/// </code>
/// The first two follow from the third where it is short; the fourth is the server's, and is asked for.
/// </summary>
internal static class TimeoutLadder
{
    private const int ConnectsInCall = 4;
    private static readonly TimeSpan s_shortestConnect = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_shortestBackoff = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_firstBackoff = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a device waits for its server where the user does not say it.</summary>
    public static TimeSpan DefaultStall => TimeSpan.FromMinutes(1);

    /// <summary>The longest time to connect.</summary>
    public static TimeSpan LongestConnect => TimeSpan.FromSeconds(5);

    /// <summary>The time to connect within a call.</summary>
    public static TimeSpan Connect(TimeSpan stall) => Within(stall / ConnectsInCall, s_shortestConnect, LongestConnect);

    /// <summary>The longest wait before the next attempt.</summary>
    /// <param name="stall">The call; null: it does not wait for the server.</param>
    public static TimeSpan Backoff(TimeSpan? stall) =>
        stall is { } longest ? Within(longest / ConnectsInCall, s_shortestBackoff, s_longestBackoff) : s_longestBackoff;

    /// <summary>The wait before the second attempt.</summary>
    /// <param name="stall">The call; null: it does not wait for the server.</param>
    public static TimeSpan FirstBackoff(TimeSpan? stall) =>
        TimeSpan.FromTicks(Math.Min(s_firstBackoff.Ticks, Backoff(stall).Ticks));

    /// <summary>Refuses a stall in which no connection could be made anew.</summary>
    /// <exception cref="CommandFailedException">It is too short.</exception>
    public static void Require(TimeSpan stall)
    {
        TimeSpan attempt = Connect(stall) + Backoff(stall);
        if (attempt >= stall)
        {
            throw CommandFailedException.Usage(
                $"--timeout {DurationText.Format(stall)} is too short to wait for a server that is away: one attempt "
                + $"to connect and the wait before the next take {DurationText.Format(attempt)}; give a longer one");
        }
    }

    /// <summary>The failure where the server keeps the area for a shorter time than a call waits.</summary>
    public static CommandFailedException Broken(TimeSpan stall, Exception refusal) =>
        CommandFailedException.Usage($"--timeout {DurationText.Format(stall)} is too long: {refusal.Message}");

    private static TimeSpan Within(TimeSpan time, TimeSpan least, TimeSpan most) =>
        time < least ? least : time > most ? most : time;
}
