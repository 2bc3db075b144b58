namespace RemoteSwap.Server.Grpc;

/// <summary>
/// Lets calls in while the memory that they may need together is below a limit, first come, first served. Whoever waits
/// has not been read from the network, so the wait holds the sender back instead of filling memory.
/// <para>Locks: <c>_gate</c> guards all fields; a leaf lock, held for a few instructions.</para>
/// </summary>
/// <param name="capacityBytes">The limit.</param>
internal sealed class ByteGate(long capacityBytes)
{
    private readonly long _capacityBytes = capacityBytes;
    private readonly Lock _gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Entered)> _waiting = new();
    private long _freeBytes = capacityBytes;

    /// <summary>Enters, or waits until there is room.</summary>
    /// <param name="bytes">What the call may need; no more than the capacity is counted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What to give to <see cref="Leave"/>.</returns>
    public async ValueTask<long> EnterAsync(long bytes, CancellationToken cancellation)
    {
        bytes = Math.Min(bytes, _capacityBytes);
        TaskCompletionSource entered;
        lock (_gate)
        {
            if (_waiting.Count == 0 && _freeBytes >= bytes)
            {
                _freeBytes -= bytes;
                return bytes;
            }

            entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((bytes, entered));
        }

        // One that gives up stays in the queue until its turn and is passed over then.
        await using CancellationTokenRegistration _ = cancellation.Register(() => entered.TrySetCanceled(cancellation));
        await entered.Task;
        return bytes;
    }

    /// <summary>Gives room back.</summary>
    public void Leave(long bytes)
    {
        lock (_gate)
        {
            _freeBytes += bytes;
            while (_waiting.TryPeek(out (long Bytes, TaskCompletionSource Entered) next) && _freeBytes >= next.Bytes)
            {
                _waiting.Dequeue();
                _freeBytes -= next.Entered.TrySetResult() ? next.Bytes : 0;
            }
        }
    }
}
