namespace RemoteSwap.Server.Direct;

/// <summary>
/// What runs requests: listeners are put together before it is there, and take connections only when it is.
/// </summary>
internal sealed class DirectApplication
{
    private RequestRunner? _runner;

    /// <summary>Written once, when the server starts.</summary>
    public RequestRunner Runner
    {
        get => Volatile.Read(ref _runner) ?? throw new InvalidOperationException("the server has not started");
        set => Volatile.Write(ref _runner, value);
    }
}
