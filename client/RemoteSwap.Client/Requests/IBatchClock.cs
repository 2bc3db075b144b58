namespace RemoteSwap.Client.Requests;

/// <summary>
/// What waits for the end of a request before it sends the next one. Any thread may call, without a lock.
/// </summary>
internal interface IBatchClock
{
    /// <summary>The request was answered, failed, or timed out; told once.</summary>
    void BatchIsOver();

    /// <summary>The request is under way for long.</summary>
    void WaitNoLonger();
}
