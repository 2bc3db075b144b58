namespace RemoteSwap.Telemetry.Tests.Otlp;

/// <summary>Waits for what arrives in its own time.</summary>
internal static class Waiting
{
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for a value that is not null.</summary>
    /// <param name="look">Looks for it.</param>
    /// <param name="missing">Says what is there, if it never comes.</param>
    public static async Task<T> ForAsync<T>(Func<T?> look, Func<string> missing)
        where T : class
    {
        using CancellationTokenSource late = new(s_liveness);
        while (true)
        {
            if (look() is { } found)
            {
                return found;
            }

            if (late.IsCancellationRequested)
            {
                Assert.Fail(missing());
            }

            await Task.Delay(s_pause);
        }
    }
}
