using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using RemoteSwap.Credentials;

namespace RemoteSwap.Cli.Tests.Support;

/// <summary>TLS in front of a page server: what the tool meets where a server asks for certificates.</summary>
internal sealed class TlsProxy : IAsyncDisposable
{
    private const int PrefaceBytes = 24;
    private const int FrameHeaderBytes = 9;
    private const byte HeadersFrame = 1;
    private const byte SchemeHttps = 0x87;
    private const byte SchemeHttp = 0x86;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly string _folder;
    private readonly Uri _behind;
    private readonly bool _asksClients;
    private readonly Task _accepting;
    private int _connections;

    /// <summary>Listens.</summary>
    /// <param name="folder">As <c>certs init</c> makes it.</param>
    /// <param name="behind">The page server.</param>
    /// <param name="asksClients">Whether clients have to show certificates.</param>
    public TlsProxy(string folder, Uri behind, bool asksClients)
    {
        _folder = folder;
        _behind = behind;
        _asksClients = asksClients;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The server without a tenant, as the tool takes it.</summary>
    public string Root => $"remoteswaps://{_listener.LocalEndpoint}";

    /// <summary>Connections that were let in.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _ending.Dispose();
    }

    // A server without TLS refuses a request that says it came with it: the header ":scheme" is one byte, an index of
    // the static table (RFC 7541, appendix A).
    private async Task ForwardAsync(Stream client, Stream server)
    {
        byte[] buffer = new byte[FrameHeaderBytes + (1 << 20)];
        await client.ReadExactlyAsync(buffer.AsMemory(0, PrefaceBytes), _ending.Token);
        await server.WriteAsync(buffer.AsMemory(0, PrefaceBytes), _ending.Token);
        while (true)
        {
            await client.ReadExactlyAsync(buffer.AsMemory(0, FrameHeaderBytes), _ending.Token);
            int bytes = (buffer[0] << 16) | (buffer[1] << 8) | buffer[2];
            Memory<byte> payload = buffer.AsMemory(FrameHeaderBytes, bytes);
            await client.ReadExactlyAsync(payload, _ending.Token);
            if (buffer[3] == HeadersFrame && payload.Span.IndexOf(SchemeHttps) is >= 0 and var at)
            {
                payload.Span[at] = SchemeHttp;
            }

            await server.WriteAsync(buffer.AsMemory(0, FrameHeaderBytes + bytes), _ending.Token);
        }
    }

    private string File(string name) => Path.Combine(_folder, name);

    private async Task AcceptAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await _listener.AcceptSocketAsync(_ending.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await using SslStream secure = new(new NetworkStream(client, ownsSocket: true));
        try
        {
            await secure.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    EnabledSslProtocols = TlsProtocol.Only,
                    ServerCertificateContext = CertificateFiles.Read(File("server.pem"), File("server.key")),
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                    ClientCertificateRequired = _asksClients,
                    CertificateChainPolicy = CaFile.Trust(CaFile.Read(File("ca.pem"))),
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                },
                _ending.Token);
            Interlocked.Increment(ref _connections);
            await server.ConnectAsync(_behind.Host, _behind.Port, _ending.Token);
            await using NetworkStream plain = new(server, ownsSocket: false);
            await Task.WhenAny(ForwardAsync(secure, plain), plain.CopyToAsync(secure, _ending.Token));
        }
        catch (Exception ended) when (
            ended is AuthenticationException or IOException or SocketException or OperationCanceledException)
        {
            // Turned away, or over.
        }
    }
}
