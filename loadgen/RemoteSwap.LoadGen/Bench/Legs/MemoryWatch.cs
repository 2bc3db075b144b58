using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Legs;

/// <summary>Looks at a server's resident memory ten times a second and keeps the most.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly IMeasuredServer _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _looking;
    private readonly long _firstBytes;
    private long _mostBytes;

    /// <summary>Starts to look.</summary>
    public MemoryWatch(IMeasuredServer server)
    {
        _server = server;
        _firstBytes = server.ResidentBytes();
        _mostBytes = _firstBytes;
        _looking = LookAsync();
    }

    /// <summary>By how many bytes it grew at most.</summary>
    public long GrowthBytes => Volatile.Read(ref _mostBytes) - _firstBytes;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Volatile.Write(ref _mostBytes, Math.Max(_mostBytes, _server.ResidentBytes()));
            await Task.Delay(s_pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
