using System.Collections.Concurrent;

namespace RemoteSwap.Server.Security;

/// <summary>
/// Ends streams whose credential does not count any more: one walk each ten seconds over the streams there are, and one
/// as soon as files have changed. So a stream outlives its token or certificate by ten seconds at most, is told why,
/// and is cut ten seconds later if it does not end. Other calls are checked when they begin, and are short.
/// </summary>
internal sealed class StreamGuard(CredentialStore store, TimeProvider time)
{
    private readonly ConcurrentDictionary<WatchedStream, byte> _streams = new();

    /// <summary>Watches a stream until <see cref="Remove"/>.</summary>
    public WatchedStream Add(HttpContext context, ICredential credential)
    {
        WatchedStream stream = new(context, credential);
        _streams.TryAdd(stream, 0);
        return stream;
    }

    /// <summary>Ends the watch.</summary>
    public void Remove(WatchedStream stream)
    {
        stream.Close();
        _streams.TryRemove(stream, out _);
    }

    /// <summary>Looks at all streams; for one caller at a time.</summary>
    /// <returns>How many were told to end.</returns>
    public int Look()
    {
        SecurityState state = store.Current;
        DateTimeOffset now = time.GetUtcNow();
        return _streams.Keys.Count(stream => stream.EndIfOver(state, now));
    }
}
