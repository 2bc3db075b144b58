using System.Diagnostics;
using RemoteSwap.Credentials;

namespace RemoteSwap.Client.Security;

/// <summary>
/// Tells a server that turns this client away from one that is going down. With TLS 1.3 a client's handshake is over
/// before the server has looked at its certificate, and a server on this system turns it away by closing the connection
/// without an alert. So a connection that ends right after the handshake, without a byte, is as a rule a refusal.
/// <para>
/// The trade-off: it may be a server that was killed in that very moment. Who would rather wait than fail is told only
/// after <see cref="EndsInRow"/> of them with nothing else in between; others at the first, for to them both are a
/// failure and this is the likelier reason.
/// </para>
/// <para>
/// A client has several connections, which one event ends together: those that had begun when an end was counted count
/// with it.
/// </para>
/// <para>Any thread may call. Lock: guards what was counted.</para>
/// </summary>
internal sealed class SilentEnds(RemoteSwapClientOptions options)
{
    /// <summary>Connections that end so one after the other before a client that waits gives up.</summary>
    public const int EndsInRow = 3;

    private readonly Lock _gate = new();
    private int _count;
    private long _countedAt;

    /// <summary>What failed calls are to count as; null: as what the transport says.</summary>
    public CredentialException? Refusal
    {
        get
        {
            // Waiting is what streams do; calls fail at the first.
            int least = options is { WaitsForServer: true, Streams: > 0 } ? EndsInRow : 1;
            if (Volatile.Read(ref _count) < least)
            {
                return null;
            }

            string shown = options.Tls?.CertificateFile is { } file
                ? $"as a rule it does not take the certificate '{file}'; check who signed it and when it expires"
                : "as a rule it wants a certificate, and none is given; give one with its key";
            return new CredentialException(
                $"the server at {options.Address} closed the connection right after the TLS handshake: {shown}");
        }
    }

    /// <summary>A connection has ended without a byte.</summary>
    /// <param name="began">When it began, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    public void Add(long began)
    {
        lock (_gate)
        {
            if (_count == 0 || began > _countedAt)
            {
                _count++;
                _countedAt = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>The server has sent something, or is not there: what was counted is over.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _count = 0;
        }
    }
}
