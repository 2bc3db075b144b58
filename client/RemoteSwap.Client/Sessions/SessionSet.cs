using Grpc.Core;
using RemoteSwap.Client.Requests;

namespace RemoteSwap.Client.Sessions;

/// <summary>
/// The sessions of a connection. A server that was started anew does not know them: before anything is sent to it they
/// have to be resumed, and this is where whoever meets it waits for that. One resume runs at a time.
/// <para>Lock: guards the list and the resume that runs; nothing is awaited inside.</para>
/// </summary>
internal sealed class SessionSet(string tenant)
{
    private static readonly FailureCause s_notResumed = FailureCause.Of(
        StatusCode.Unavailable, "the server was started anew and sessions could not be resumed");

    private readonly Lock _gate = new();
    private readonly List<AreaSession> _sessions = [];
    private Task<FailureCause?> _renewal = Task.FromResult<FailureCause?>(null);

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
    /// Null: all of them are that server's now, or over. Else why not: it did not answer, or is yet another one; or it
    /// refused, which no further attempt changes.
    /// </returns>
    public Task<FailureCause?> RenewAsync(ulong incarnation)
    {
        lock (_gate)
        {
            if (_sessions.TrueForAll(session => session.Incarnation == incarnation))
            {
                return Task.FromResult<FailureCause?>(null);
            }

            _renewal = RenewAfterAsync(_renewal, incarnation);
            return _renewal;
        }
    }

    private async Task<FailureCause?> RenewAfterAsync(Task<FailureCause?> former, ulong incarnation)
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

            return isCurrent ? null : s_notResumed;
        }
        catch (Exception failure) when (failure is RemoteSwapException or ObjectDisposedException)
        {
            return FailureCause.OfRefusal(failure.InnerException) ?? s_notResumed;
        }
    }
}
