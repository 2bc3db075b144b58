namespace RemoteSwap.Server.Grpc.Flow;

/// <summary>
/// A call under <see cref="CallWatch"/>. It says when it begins something that its client can draw out, and when that
/// is over.
/// </summary>
internal sealed class WatchedCall(HttpContext context, TimeProvider time)
{
    private const long Free = 0;

    // When the call began to depend on its client; 0: it does not.
    private long _since;

    /// <summary>From now on the client keeps the server waiting, or holds its memory. May be told twice.</summary>
    public void Begin()
    {
        if (_since == Free)
        {
            Volatile.Write(ref _since, Math.Max(1, time.GetTimestamp()));
        }
    }

    /// <summary>That is over.</summary>
    public void End() => Volatile.Write(ref _since, Free);

    /// <summary>Ends the call if it has depended on its client for too long.</summary>
    public void AbortIfLongerThan(TimeSpan longest)
    {
        long since = Volatile.Read(ref _since);
        if (since != Free && time.GetElapsedTime(since) > longest)
        {
            context.Abort();
        }
    }
}
