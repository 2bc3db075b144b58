using System.Collections.Concurrent;

namespace RemoteSwap.Server.Grpc.Flow;

/// <summary>
/// Ends calls that have held memory, or have waited for their client to take a reply, for longer than a minute: a
/// client that does not read gives the memory back, willing or not. One walk each five seconds over the calls there
/// are, instead of a timer a call.
/// </summary>
internal sealed class CallWatch(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<WatchedCall, byte> _calls = new();

    /// <summary>Watches a call until <see cref="Remove"/>.</summary>
    public WatchedCall Add(HttpContext context)
    {
        WatchedCall call = new(context, time);
        _calls.TryAdd(call, 0);
        return call;
    }

    /// <summary>Ends the watch.</summary>
    public void Remove(WatchedCall call) => _calls.TryRemove(call, out _);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach ((WatchedCall call, _) in _calls)
            {
                call.AbortIfLongerThan(s_longest);
            }
        }
    }
}
