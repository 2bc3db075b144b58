using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Ping;

/// <summary>Empty calls, one after the other: how long the way to a server and back takes. Moves no pages.</summary>
internal sealed class PingSeries(RemoteSwapConnection connection, TimeProvider time)
{
    private static readonly PingShape s_empty = new(StorePages: 0, StorePageBytes: 0, LoadPages: 0, LoadPageBytes: 0);

    /// <summary>Times so far, without that of the first call.</summary>
    public LatencySamples Samples { get; } = new();

    /// <summary>Makes the first call, which also connects.</summary>
    /// <returns>How long it took.</returns>
    public Task<TimeSpan> ConnectAsync(CancellationToken ct) => TimeAsync(ct);

    /// <summary>Makes calls.</summary>
    /// <param name="count">How many; 0: until stopped.</param>
    /// <param name="interval">From the end of one to the start of the next.</param>
    /// <param name="each">Told of each, if anybody wants to know.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="OperationCanceledException">It was stopped; <see cref="Samples"/> are right.</exception>
    public async Task RunAsync(long count, TimeSpan interval, Action<TimeSpan>? each, CancellationToken ct)
    {
        for (long i = 0; count == 0 || i < count; i++)
        {
            if (i > 0 && interval > TimeSpan.Zero)
            {
                await Task.Delay(interval, time, ct);
            }

            TimeSpan elapsed = await TimeAsync(ct);
            Samples.Add(elapsed);
            each?.Invoke(elapsed);
        }
    }

    private async Task<TimeSpan> TimeAsync(CancellationToken ct)
    {
        long start = time.GetTimestamp();
        await connection.PingAsync(s_empty, ct);
        return time.GetElapsedTime(start);
    }
}
