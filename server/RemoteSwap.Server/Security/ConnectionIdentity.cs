using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Security;

/// <summary>
/// Who a connection's other end is, found out once when it begins: by the user of a Unix socket or by the certificate
/// of the handshake. A feature of the connection. What it is not: final; a call may bring a token of its own.
/// <para>Written before the first call of the connection is read, only read afterwards.</para>
/// </summary>
internal sealed class ConnectionIdentity
{
    /// <summary>What the other end has shown; null: nothing that counts.</summary>
    public ICredential? Credential { get; private set; }

    /// <summary>Why what it has shown does not count; null: it has shown nothing, or something that counts.</summary>
    public AccessDenial? Denial { get; private set; }

    /// <summary>Begins with a connection.</summary>
    public static ConnectionIdentity Begin(ConnectionContext connection, SecurityOptions options)
    {
        ConnectionIdentity identity = new();
        if (options.SocketPeers.Count > 0
            && connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket
            && socket.AddressFamily == AddressFamily.Unix)
        {
            identity.TakePeer(PeerCredential.UserOf(socket), options);
        }

        return identity;
    }

    /// <summary>Takes a certificate that the authorities stand for.</summary>
    public bool Take(X509Certificate2 certificate, X509Chain chain, ClientRoots roots, SecurityOptions options)
    {
        if (CertificateNames.CallerOf(certificate, options) is { } caller)
        {
            Credential = new CertificateCredential(caller, chain, roots);
            return true;
        }

        return Refuse(new AccessDenial(
            AccessReason.UnknownCredential,
            options.TenantFrom == NamePlace.Uri
                ? "is a certificate that names nobody: it needs one alternative name remoteswap://tenant/NAME or "
                    + "remoteswap://admin/NAME"
                : "is a certificate that names nobody: it needs one common name that a tenant may have"));
    }

    /// <summary>Takes note of a certificate that does not count.</summary>
    /// <returns>False.</returns>
    public bool Refuse(in AccessDenial denial)
    {
        Denial = denial;
        return false;
    }

    private void TakePeer(uint? user, SecurityOptions options)
    {
        if (user is { } known && options.SocketPeers.TryGetValue(known, out Caller? caller))
        {
            Credential = new PeerCredential(caller);
        }
        else
        {
            Refuse(new AccessDenial(
                AccessReason.UnknownCredential,
                $"is user {user?.ToString() ?? "unknown"} of this machine, whom Security:SocketPeers does not name"));
        }
    }
}
