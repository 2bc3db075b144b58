using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using RemoteSwap.Credentials;

namespace RemoteSwap.Client.Security;

/// <summary>
/// Makes one transport connection: TCP, then TLS 1.3 where the address asks for it, with the files as they are at that
/// moment. Whatever of TLS fails is a <see cref="CredentialException"/> in words, so that nobody takes it for a server
/// that is away.
/// <para>
/// Without TLS it makes sure of one thing only: who has a token to send really reached this machine, whatever the
/// host's name resolved to.
/// </para>
/// <para>Any thread may call.</para>
/// </summary>
internal sealed class ServerDialer(RemoteSwapClientOptions options, SilentEnds ends)
{
    /// <summary>Whether connections are made by this class, and not by the transport alone.</summary>
    public static bool IsFor(RemoteSwapClientOptions options) =>
        ServerAddress.IsTls(options.Address)
        || (options.TokenFile is not null && !ServerAddress.IsUnixSocket(options.Address));

    /// <summary>Connects.</summary>
    /// <param name="target">Host and port.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="CredentialException">One end does not believe the other, or a file is not as it must
    /// be.</exception>
    /// <exception cref="SocketException">The host does not answer.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The stream owns the socket.")]
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken ct)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await ConnectAsync(socket, target, ct).ConfigureAwait(false);
            NetworkStream plain = new(socket, ownsSocket: true);
            if (ServerAddress.IsTls(options.Address))
            {
                return await SecureAsync(plain, target, ct).ConfigureAwait(false);
            }

            RequireLoopback(socket, target);
            return plain;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask ConnectAsync(Socket socket, DnsEndPoint target, CancellationToken ct)
    {
        try
        {
            await socket.ConnectAsync(target, ct).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            ends.Restart();
            throw;
        }
    }

    private static void RequireLoopback(Socket socket, DnsEndPoint target)
    {
        if (socket.RemoteEndPoint is not IPEndPoint { Address: { } address } || !IPAddress.IsLoopback(address))
        {
            throw new CredentialException(
                $"the token is not sent: '{target.Host}' is {socket.RemoteEndPoint}, another machine, and without TLS "
                + "anybody in between could read it; use TLS");
        }
    }

    // What the system believes; nothing is fetched, for a server that is not believed could name where from.
    private static X509ChainPolicy TrustOfSystem() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    private async ValueTask<Stream> SecureAsync(NetworkStream plain, DnsEndPoint target, CancellationToken ct)
    {
        TlsOptions tls = options.Tls ?? new TlsOptions();
        string? verdict = null;
        SslClientAuthenticationOptions how = new()
        {
            TargetHost = tls.ServerName ?? target.Host,
            EnabledSslProtocols = TlsProtocol.Only,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = tls.CaFile is { } ca ? CaFile.Trust(CaFile.Read(ca)) : TrustOfSystem(),
            ClientCertificateContext = tls is { CertificateFile: { } certificate, KeyFile: { } key }
                ? await CertificateFiles.ReadAsync(certificate, key, ct).ConfigureAwait(false)
                : null,

            // It only notes the reason: what the system does not believe is refused.
            RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
            {
                verdict = errors == SslPolicyErrors.None
                    ? null
                    : CertificateVerdict.Words(
                        shown as X509Certificate2,
                        chain,
                        errors,
                        tls.ServerName ?? target.Host,
                        TimeProvider.System.GetUtcNow());
                return errors == SslPolicyErrors.None;
            },
        };
        WatchedTlsStream secure = new(plain, ends);
        try
        {
            await secure.AuthenticateAsClientAsync(how, ct).ConfigureAwait(false);
            return secure;
        }
        catch (AuthenticationException failed)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            string server = $"the server at {target.Host}:{target.Port}";
            throw new CredentialException(verdict is null
                ? $"no TLS with {server}: {failed.Message} {failed.InnerException?.Message}; does it serve TLS 1.3?"
                : $"{server} is not believed: {verdict}");
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
