using Microsoft.AspNetCore.Connections.Features;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc;

namespace RemoteSwap.Server.Security;

/// <summary>A stream under <see cref="StreamGuard"/>: its call, and the credential that it was opened with.</summary>
internal sealed class WatchedStream(HttpContext context, ICredential credential)
{
    /// <summary>What the stream itself sees.</summary>
    public GuardedStream Guard { get; } = new(credential.Caller);

    /// <summary>Asks whether the stream may go on, and ends it if not.</summary>
    /// <returns>Whether it has been told to end now.</returns>
    public bool EndIfOver(SecurityState state, DateTimeOffset now)
    {
        if (Guard.Refusal is not null)
        {
            // It was told at the last look. What does not end by itself waits for its client, who has no say any more.
            context.Abort();
            return false;
        }

        if (credential.Check(state, now) is not { } denial)
        {
            return false;
        }

        if (credential is CertificateCredential)
        {
            // The connection will not show another certificate; a client that comes again needs a new one.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        return Guard.End(CallRefusal.CredentialEnded(denial));
    }
}
