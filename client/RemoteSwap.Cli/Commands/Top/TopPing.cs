using RemoteSwap.Cli.Commands.Ping;

namespace RemoteSwap.Cli.Commands.Top;

/// <summary>
/// Empty calls of this program: how long the way to the server and back takes. It is not the time of a Store or a Load;
/// the console of the server has that.
/// </summary>
/// <param name="Calls">How many, since the last look.</param>
/// <param name="P50Us">Half of them took no longer, in microseconds.</param>
/// <param name="MaxUs">The slowest, in microseconds.</param>
internal sealed record TopPing(long Calls, double P50Us, double MaxUs)
{
    /// <summary>The times of calls.</summary>
    public static TopPing Of(LatencySamples samples) =>
        new(samples.Count, Math.Round(samples.Percentile(50), 1), Math.Round(samples.Max, 1));
}
