namespace RemoteSwap.Store;

/// <summary>
/// Counts the calls that change pages while they run, so that they can be ended for good: once it is closed and nobody
/// is inside, nothing changes any more. One addition a call, and no lock.
/// </summary>
internal sealed class OperationGate
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(1);
    private long _running;
    private volatile bool _isClosed;

    /// <summary>Enters, unless it is closed. Who is in must <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        Interlocked.Increment(ref _running);
        if (!_isClosed)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>Leaves.</summary>
    public void Leave() => Interlocked.Decrement(ref _running);

    /// <summary>Lets nobody in any more, and waits until all are out.</summary>
    /// <param name="cancellation">Ends the wait; the gate stays closed.</param>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        _isClosed = true;
        while (Interlocked.Read(ref _running) > 0)
        {
            await Task.Delay(s_look, cancellation);
        }
    }
}
