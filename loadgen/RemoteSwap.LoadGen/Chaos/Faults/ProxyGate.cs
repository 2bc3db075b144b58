namespace RemoteSwap.LoadGen.Chaos.Faults;

/// <summary>Lets bytes through, or holds them back until it is opened again. Any thread may call.</summary>
internal sealed class ProxyGate
{
    private TaskCompletionSource? _closed;

    /// <summary>Holds back from now on.</summary>
    public void Close() => Interlocked.CompareExchange(
        ref _closed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    /// <summary>Lets through.</summary>
    public void Open() => Interlocked.Exchange(ref _closed, null)?.TrySetResult();

    /// <summary>Waits until it is open.</summary>
    public Task PassAsync(CancellationToken ct) => Volatile.Read(ref _closed)?.Task.WaitAsync(ct) ?? Task.CompletedTask;
}
