namespace RemoteSwap.Client.Requests;

/// <summary>Begins the bursts of the calls that one reply ends, one at a time, and ends the last one.</summary>
internal ref struct BurstScope
{
    private ICompletionBurst? _open;

    /// <summary>The next call that ends belongs to a burst, or to none.</summary>
    public void Enter(ICompletionBurst? burst)
    {
        if (!ReferenceEquals(burst, _open))
        {
            Dispose();
            burst?.Begin();
            _open = burst;
        }
    }

    /// <summary>No further call ends.</summary>
    public void Dispose()
    {
        ICompletionBurst? open = _open;
        _open = null;
        open?.End();
    }
}
