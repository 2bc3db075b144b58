using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>
/// A server over TLS that knows certificates and tokens, its files, and clients for it. One tenant of each name that
/// <see cref="TestServer"/> has.
/// </summary>
internal sealed class SecureServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-test-");
    private readonly List<GrpcChannel> _channels = [];
    private PageServer? _server;

    private SecureServer()
    {
        WriteServerCertificate(Authority.Server());
        File.WriteAllText(CaFile, Authority.Pem);
        WriteTokens("");
    }

    public Authority Authority { get; } = new();

    public PageServer Server => _server!;

    public string CaFile => Path.Combine(_folder.FullName, "ca.pem");

    public string CertificateFile => Path.Combine(_folder.FullName, "server.pem");

    public string KeyFile => Path.Combine(_folder.FullName, "server.key");

    public string TokenFile => Path.Combine(_folder.FullName, "tokens");

    /// <summary>Settings of TLS with certificates and tokens of clients.</summary>
    public string[] Settings =>
    [
        "--listen=127.0.0.1:0", "--management=127.0.0.1:0", "--Store:FloorPercent=100",
        $"--Tenants:{TestServer.TenantA}:Enabled=true", $"--Tenants:{TestServer.TenantB}:Enabled=true",
        $"--Security:Certificate={CertificateFile}", $"--Security:Key={KeyFile}",
        $"--Security:ClientCa={CaFile}", $"--Security:Tokens={TokenFile}",
    ];

    /// <summary>All of them but one.</summary>
    public IEnumerable<string> SettingsWithout(string option) =>
        Settings.Where(setting => !setting.StartsWith(option, StringComparison.Ordinal));

    /// <summary>Starts one.</summary>
    /// <param name="tokens">The lines of its file of tokens.</param>
    /// <param name="settings">More settings.</param>
    public static async Task<SecureServer> StartAsync(string tokens = "", params string[] settings)
    {
        SecureServer server = new();
        server.WriteTokens(tokens);
        server._server = await PageServer.StartAsync([.. server.Settings, .. settings]);
        return server;
    }

    /// <summary>Starts one with an option of another value.</summary>
    public static async Task<SecureServer> StartWithAsync(string option, string tokens, string[] settings)
    {
        SecureServer server = new();
        server.WriteTokens(tokens);
        server._server = await PageServer.StartAsync([.. server.SettingsWithout(option), .. settings]);
        return server;
    }

    /// <summary>Files only, for whoever starts the server itself.</summary>
    public static SecureServer WithoutServer() => new();

    public void WriteTokens(string lines) => File.WriteAllText(TokenFile, lines);

    public void WriteServerCertificate(X509Certificate2 certificate)
    {
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>A connection of its own.</summary>
    /// <param name="certificate">The client's certificate; null: none.</param>
    /// <param name="seen">Takes the server's certificate of each handshake.</param>
    public GrpcChannel Open(X509Certificate2? certificate = null, Action<X509Certificate2>? seen = null)
    {
        GrpcChannel channel = GrpcChannel.ForAddress(
            Server.GrpcAddress,
            new GrpcChannelOptions { HttpHandler = Handler(certificate, seen), DisposeHttpClient = true });
        _channels.Add(channel);
        return channel;
    }

    /// <summary>What a client brings to its handshakes.</summary>
    public SocketsHttpHandler Handler(X509Certificate2? certificate = null, Action<X509Certificate2>? seen = null)
    {
        SslClientAuthenticationOptions tls = new()
        {
            EnabledSslProtocols = SslProtocols.None,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        tls.CertificateChainPolicy.CustomTrustStore.Add(Authority.Certificate);
        if (certificate is not null)
        {
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        }

        if (seen is not null)
        {
            tls.RemoteCertificateValidationCallback = (_, shown, _, faults) =>
            {
                seen((X509Certificate2)shown!);
                return faults == SslPolicyErrors.None;
            };
        }

        return new SocketsHttpHandler { SslOptions = tls };
    }

    /// <summary>The metadata of a call with a token.</summary>
    public static Metadata With(string? token) =>
        token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };

    public async ValueTask DisposeAsync()
    {
        foreach (GrpcChannel channel in _channels)
        {
            channel.Dispose();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Authority.Dispose();
        _folder.Delete(recursive: true);
    }
}
