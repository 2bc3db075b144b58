namespace RemoteSwap.Client.Exchange;

/// <summary>How long to wait before another attempt, as the transport does it for calls: a random part of a time that
/// doubles with every failure, up to a limit.</summary>
internal static class RetryBackoff
{
    private const int MaxDoublings = 20;

    /// <summary>The wait after so many failures in a row, 1 or more.</summary>
    public static TimeSpan After(int failures, RemoteSwapClientOptions options)
    {
        double longest = options.InitialBackoff.TotalMilliseconds * (1 << Math.Min(failures - 1, MaxDoublings));
        longest = Math.Min(longest, options.MaxBackoff.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(longest * Random.Shared.NextDouble());
    }
}
