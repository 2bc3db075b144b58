namespace RemoteSwap.Store;

/// <summary>
/// The tokens of the sessions that owned an area last and do not any more. A client makes a new token for each attach,
/// so one of these comes with a copy of an attach that was late, and must not take the area from whoever has it now.
/// <para>Bounded: the newest <see cref="MaxTokens"/>. Guarded by the lock of the tenant's sessions.</para>
/// </summary>
internal sealed class FormerTokens
{
    private const int MaxTokens = 16;

    private readonly Queue<SessionToken> _tokens = new(MaxTokens);

    /// <summary>A session does not own the area any more.</summary>
    public void Add(SessionToken token)
    {
        if (_tokens.Count == MaxTokens)
        {
            _tokens.Dequeue();
        }

        _tokens.Enqueue(token);
    }

    /// <summary>Whether a session owned the area and lost it.</summary>
    public bool Contains(SessionToken token) => _tokens.Contains(token);
}
