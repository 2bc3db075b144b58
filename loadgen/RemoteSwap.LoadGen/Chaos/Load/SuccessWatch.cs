namespace RemoteSwap.LoadGen.Chaos.Load;

/// <summary>
/// Tells when work goes on again: the first success of an operation that began after a moment. One waits, all workers
/// report.
/// <para>Lock: guards the wait under way; nothing is called inside.</para>
/// </summary>
internal sealed class SuccessWatch(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<long>? _wait;
    private long _since;

    /// <summary>Waits for the first success that begins from now on; its time.</summary>
    public Task<long> NextAsync()
    {
        lock (_gate)
        {
            _since = clock.GetTimestamp();
            _wait = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _wait.Task;
        }
    }

    /// <summary>An operation that began at a time has succeeded.</summary>
    public void Succeeded(long began)
    {
        lock (_gate)
        {
            if (_wait is not null && began > _since)
            {
                _wait.SetResult(clock.GetTimestamp());
                _wait = null;
            }
        }
    }
}
