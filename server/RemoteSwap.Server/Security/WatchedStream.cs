using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc;

namespace RemoteSwap.Server.Security;

/// <summary>
/// A stream under <see cref="StreamGuard"/>: its call, and the credential that it was opened with.
/// <para>
/// Locks: <c>_gate</c>, for the call: the web server uses a call's context for the next one, so nothing may be done
/// with it once <see cref="Close"/> has returned. A leaf lock.
/// </para>
/// </summary>
internal sealed class WatchedStream(HttpContext context, ICredential credential)
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private bool _isClosed;
    private DateTimeOffset _told;

    /// <summary>What the stream itself sees.</summary>
    public GuardedStream Guard { get; } = new(credential.Caller);

    /// <summary>The call is over; its context is not touched any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    /// <summary>Asks whether the stream may go on, and ends it if not.</summary>
    /// <returns>Whether it has been told to end now.</returns>
    public bool EndIfOver(SecurityState state, DateTimeOffset now)
    {
        AccessDenial? denial = Guard.Refusal is null ? credential.Check(state, now) : null;
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            if (Guard.Refusal is not null)
            {
                // What does not end by itself waits for its client, who has no say any more.
                if (now - _told >= s_grace)
                {
                    context.Abort();
                }

                return false;
            }

            if (denial is null)
            {
                return false;
            }

            if (credential is CertificateCredential)
            {
                // The connection will not show another certificate; a client that comes again needs a new one.
                LingeringClose.Begin(context);
            }

            _told = now;
            return Guard.End(CallRefusal.CredentialEnded(denial.Value));
        }
    }
}
