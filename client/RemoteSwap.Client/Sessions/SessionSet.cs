namespace RemoteSwap.Client.Sessions;

/// <summary>
/// The sessions of a connection. A server that was started anew does not know them: before anything is sent to it they
/// have to be resumed, and this is where whoever meets it waits for that. One resume runs at a time.
/// <para>Lock: guards the list and the resume that runs; nothing is awaited inside.</para>
/// </summary>
internal sealed class SessionSet(string tenant)
{
    private readonly Lock _gate = new();
    private readonly List<AreaSession> _sessions = [];
    private Task<bool> _renewal = Task.FromResult(true);

    /// <summary>Adds a session.</summary>
    public void Add(AreaSession session)
    {
        lock (_gate)
        {
            _sessions.Add(session);
        }
    }

    /// <summary>Takes a session out.</summary>
    public void Remove(AreaSession session)
    {
        lock (_gate)
        {
            _sessions.Remove(session);
        }
    }

    /// <summary>Resumes the sessions that a server of this incarnation does not know yet.</summary>
    /// <returns>
    /// Whether all of them are that server's now, or over; false: it did not answer, or is yet another one.
    /// </returns>
    public Task<bool> RenewAsync(ulong incarnation)
    {
        lock (_gate)
        {
            if (_sessions.TrueForAll(session => session.Incarnation == incarnation))
            {
                return Task.FromResult(true);
            }

            _renewal = RenewAfterAsync(_renewal, incarnation);
            return _renewal;
        }
    }

    private async Task<bool> RenewAfterAsync(Task<bool> former, ulong incarnation)
    {
        await former.ConfigureAwait(false);
        AreaSession[] unknown;
        lock (_gate)
        {
            unknown = [.. _sessions.Where(session => session.Incarnation != incarnation)];
        }

        try
        {
            bool isCurrent = true;
            foreach (AreaSession session in unknown.Where(session => !session.Fenced.IsCancellationRequested))
            {
                isCurrent &= await session.ResumeAsync(tenant, default).ConfigureAwait(false) == incarnation;
            }

            return isCurrent;
        }
        catch (Exception failure) when (failure is RemoteSwapException or ObjectDisposedException)
        {
            return false;
        }
    }
}
