using RemoteSwap.Client;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>
/// Says when workers end early: at the user's first Ctrl-C, when the server refuses the very request, or after too many
/// failed calls. A call under way is always finished, so that what is in each slot stays known. Shared by all workers.
/// </summary>
internal sealed class RunControl : IDisposable
{
    /// <summary>Failed calls after which a run gives up.</summary>
    public const int MaxFailedCalls = 1_000;

    /// <summary>How long a worker waits after a failed call, so that a server has time to come back.</summary>
    public static readonly TimeSpan FailurePause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private int _failedCalls;
    private int _gaveUp;
    private int _interrupted;

    /// <summary>Cancelled when workers shall end; stops waits, not calls.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Whether workers shall end.</summary>
    public bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>Whether failed calls ended the run.</summary>
    public bool GaveUp => Volatile.Read(ref _gaveUp) != 0;

    /// <summary>Whether the user asked to stop.</summary>
    public bool WasInterrupted => Volatile.Read(ref _interrupted) != 0;

    /// <summary>The user asks to stop.</summary>
    public void Interrupt()
    {
        Volatile.Write(ref _interrupted, 1);
        _stop.Cancel();
    }

    /// <summary>A call failed: counts it, and waits a little unless the run ends.</summary>
    /// <param name="failure">Why it failed.</param>
    /// <param name="clock">Measures the wait.</param>
    public async ValueTask CallFailedAsync(RemoteSwapException failure, TimeProvider clock)
    {
        bool isHopeless = failure.Error is RemoteSwapError.InvalidRequest or RemoteSwapError.NotFound
            or RemoteSwapError.PermissionDenied or RemoteSwapError.Unauthenticated or RemoteSwapError.Protocol;
        if (Interlocked.Increment(ref _failedCalls) >= MaxFailedCalls || isHopeless)
        {
            Volatile.Write(ref _gaveUp, 1);
            await _stop.CancelAsync();
            return;
        }

        // However it ends, the worker looks itself whether the run goes on.
        await Task.Delay(FailurePause, clock, Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
