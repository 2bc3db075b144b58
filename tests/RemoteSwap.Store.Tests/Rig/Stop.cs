namespace RemoteSwap.Store.Tests.Rig;

/// <summary>
/// A point at which the code under test waits until the test lets it go on; makes a race happen every time.
/// </summary>
internal sealed class Stop
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the code under test has arrived.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Called by the code under test.</summary>
    public Task WaitAsync()
    {
        _reached.TrySetResult();
        return _goOn.Task;
    }

    public void GoOn() => _goOn.TrySetResult();
}
