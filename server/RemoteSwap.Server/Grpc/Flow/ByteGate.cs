namespace RemoteSwap.Server.Grpc.Flow;

/// <summary>
/// Lets calls in while the memory that they may need together is below a limit, first come, first served. Whoever waits
/// has not been read from the network, so the wait holds the sender back instead of filling memory.
/// <para>
/// A gate may stand before another: a connection's own before the server's, so that a connection whose replies nobody
/// takes holds no more than its share, and the rest is for the others.
/// </para>
/// <para>Locks: <c>_gate</c> guards all fields; a leaf lock, held for a few instructions.</para>
/// </summary>
/// <param name="capacityBytes">The limit.</param>
/// <param name="next">The gate behind this one, if any.</param>
internal sealed class ByteGate(long capacityBytes, ByteGate? next = null)
{
    private readonly long _capacityBytes = Math.Min(capacityBytes, next?._capacityBytes ?? long.MaxValue);
    private readonly Lock _gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Entered)> _waiting = new();
    private long _freeBytes = Math.Min(capacityBytes, next?._capacityBytes ?? long.MaxValue);
    private long _waits;

    /// <summary>The limit.</summary>
    public long CapacityBytes => _capacityBytes;

    /// <summary>Memory that is taken.</summary>
    public long TakenBytes => _capacityBytes - Volatile.Read(ref _freeBytes);

    /// <summary>How often somebody had to wait, here or at a gate before this one.</summary>
    public long Waits => Volatile.Read(ref _waits);

    /// <summary>Enters, or waits until there is room.</summary>
    /// <param name="bytes">What the call may need; no more than the capacity is counted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What to give to <see cref="Leave"/>.</returns>
    public async ValueTask<long> EnterAsync(long bytes, CancellationToken cancellation)
    {
        bytes = Math.Min(bytes, _capacityBytes);
        if (!TryEnter(bytes, out TaskCompletionSource? entered))
        {
            CountWait();

            // One that gives up stays in the queue until its turn and is passed over then.
            await using CancellationTokenRegistration _ =
                cancellation.Register(() => entered!.TrySetCanceled(cancellation));
            await entered!.Task;
        }

        if (next is null)
        {
            return bytes;
        }

        bool isIn = false;
        try
        {
            await next.EnterAsync(bytes, cancellation);
            isIn = true;
        }
        finally
        {
            if (!isIn)
            {
                LeaveThis(bytes);
            }
        }

        return bytes;
    }

    /// <summary>Gives room back.</summary>
    public void Leave(long bytes)
    {
        LeaveThis(bytes);
        next?.Leave(bytes);
    }

    private void CountWait()
    {
        Interlocked.Increment(ref _waits);
        next?.CountWait();
    }

    private bool TryEnter(long bytes, out TaskCompletionSource? entered)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && _freeBytes >= bytes)
            {
                _freeBytes -= bytes;
                entered = null;
                return true;
            }

            entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((bytes, entered));
            return false;
        }
    }

    private void LeaveThis(long bytes)
    {
        lock (_gate)
        {
            _freeBytes += bytes;
            while (_waiting.TryPeek(out (long Bytes, TaskCompletionSource Entered) first) && _freeBytes >= first.Bytes)
            {
                _waiting.Dequeue();
                _freeBytes -= first.Entered.TrySetResult() ? first.Bytes : 0;
            }
        }
    }
}
