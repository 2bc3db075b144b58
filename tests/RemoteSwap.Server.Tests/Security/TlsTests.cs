using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>What the transport lets in, and which certificates name whom.</summary>
[SuppressMessage("Security", "CA5398", Justification = "Versions of TLS are what is tested.")]
public sealed class TlsTests
{
    private const string TenantUri = "remoteswap://tenant/" + TestServer.TenantA;
    private const string Required = "--Security:ClientCertificates=Required";

    [Fact]
    public async Task OnlyTls13IsSpoken()
    {
        await using SecureServer server = await SecureServer.StartAsync();
        Assert.Equal(Uri.UriSchemeHttps, server.Server.GrpcAddress.Scheme);

        Assert.Equal(SslProtocols.Tls13, await ShakeHandsAsync(server, SslProtocols.None));
        await Assert.ThrowsAnyAsync<Exception>(() => ShakeHandsAsync(server, SslProtocols.Tls12));
    }

    [Fact]
    public async Task PlainTextToATlsPortIsNotAnswered()
    {
        await using SecureServer server = await SecureServer.StartAsync();
        using TcpClient plain = new();
        await plain.ConnectAsync(IPAddress.Loopback, server.Server.GrpcAddress.Port);
        await plain.GetStream().WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());

        byte[] reply = new byte[64];
        int bytes;
        try
        {
            bytes = await plain.GetStream().ReadAsync(reply);
        }
        catch (IOException)
        {
            bytes = 0;
        }

        // Nothing, or an alert of TLS (content type 21); never a frame of HTTP/2.
        Assert.True(bytes == 0 || reply[0] == 21, $"the server answered with {bytes} bytes");
    }

    [Fact]
    public async Task PagesGoThroughTlsUnchanged()
    {
        await using SecureServer server = await SecureServer.StartAsync();
        PageStoreService.PageStoreServiceClient pages =
            new(server.Open(server.Authority.Client(TenantUri)));
        byte[][] content = [.. Enumerable.Range(0, 300).Select(PageKinds.Any)];
        ulong[] slots = Batch.Slots(content.Length);

        StoreResponse stored = await pages.StoreAsync(Batch.Store(slots, content));
        LoadResponse loaded = await pages.LoadAsync(Batch.Load(slots));

        Assert.All(
            stored.Outcomes,
            outcome => Assert.True(outcome is StoreOutcome.Stored or StoreOutcome.SameFilled));
        LoadedPages.AssertAre(loaded, slots, content);
    }

    [Fact]
    public async Task WithoutADemandedCertificateThereIsNoConnection()
    {
        using Authority stranger = new();
        await using SecureServer server = await SecureServer.StartAsync("", Required);
        await AssertPingAsync(server, server.Authority.Client(TenantUri), null);
        await AssertNoConnectionAsync(server, null);
        await AssertNoConnectionAsync(server, stranger.Client(TenantUri));
        await AssertNoConnectionAsync(server, server.Authority.ClientFor(-3, 2, TenantUri));
        await AssertNoConnectionAsync(server, server.Authority.Client());
    }

    [Fact]
    public async Task ACertificateThatIsNoGoodNamesNobodyAndTheCallIsToldWhy()
    {
        using Authority stranger = new();
        await using SecureServer server = await SecureServer.StartAsync();
        Authority authority = server.Authority;
        (X509Certificate2 Certificate, string Says)[] bad =
        [
            (stranger.Client(TenantUri), "authorities do not stand for"),
            (authority.ClientFor(-3, 2, TenantUri), "time is over"),
            (authority.ClientFor(2, 3, TenantUri), "has not begun"),
            (authority.ServerWith(TenantUri), "authorities do not stand for"),
            (authority.Client(), "names nobody"),
            (authority.Client(TenantUri, "remoteswap://tenant/" + TestServer.TenantB), "names nobody"),
            (authority.Client(TenantUri, "remoteswap://admin/ops"), "names nobody"),
            (authority.Client("remoteswap://tenant/"), "names nobody"),
            (authority.Client(TenantUri + "/more"), "names nobody"),
            (authority.Client("remoteswap://tenant@host/" + TestServer.TenantA), "names nobody"),
            (authority.Client("http://tenant/" + TestServer.TenantA), "names nobody"),
            (authority.ClientNamed("CN=" + TestServer.TenantA), "names nobody"),
        ];
        foreach ((X509Certificate2 certificate, string says) in bad)
        {
            await AssertPingAsync(server, certificate, says);
        }
    }

    [Fact]
    public async Task TheCommonNameCountsWhereItIsConfiguredAndOnlyThere()
    {
        await using SecureServer server = await SecureServer.StartAsync(
            "", "--Security:TenantFrom=CommonName", "--Security:AdminNames=ops,boss");
        Authority authority = server.Authority;
        await AssertPingAsync(server, authority.ClientNamed("CN=" + TestServer.TenantA), null);
        await AssertPingAsync(server, authority.ClientNamed("CN=a, CN=b"), "names nobody");
        await AssertPingAsync(server, authority.ClientNamed("CN=a b"), "names nobody");
        await AssertPingAsync(server, authority.ClientNamed("O=" + TestServer.TenantA), "names nobody");

        AdminService.AdminServiceClient admin = new(server.Open(authority.ClientNamed("CN=boss")));
        await admin.ListTenantsAsync(new ListTenantsRequest());
        AdminService.AdminServiceClient tenant = new(server.Open(authority.ClientNamed("CN=bos")));
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            async () => await tenant.ListTenantsAsync(new ListTenantsRequest()));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);

        // The URI says administrator; here it says nothing.
        PageStoreService.PageStoreServiceClient pages = new(server.Open(authority.Client("remoteswap://admin/ops")));
        RpcException other = await Assert.ThrowsAsync<RpcException>(
            async () => await pages.LoadAsync(Batch.Load([1])));
        Assert.Contains("tenant 'client'", other.Status.Detail);
    }

    private static async Task<SslProtocols> ShakeHandsAsync(SecureServer server, SslProtocols protocols)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync(IPAddress.Loopback, server.Server.GrpcAddress.Port);
        await using SslStream tls = new(
            connection.GetStream(),
            leaveInnerStreamOpen: false,
            (_, shown, _, _) => shown?.Issuer == server.Authority.Certificate.Subject);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        });
        Assert.Equal(SslApplicationProtocol.Http2, tls.NegotiatedApplicationProtocol);
        return tls.SslProtocol;
    }

    private static async Task AssertPingAsync(SecureServer server, X509Certificate2? certificate, string? refusal)
    {
        PageStoreService.PageStoreServiceClient pages = new(server.Open(certificate));
        Status status = Status.DefaultSuccess;
        try
        {
            await pages.PingAsync(new PingRequest());
        }
        catch (RpcException failure)
        {
            status = failure.Status;
        }

        Assert.Equal(refusal is null ? StatusCode.OK : StatusCode.Unauthenticated, status.StatusCode);
        Assert.Contains(refusal ?? "", status.Detail);
    }

    private static async Task AssertNoConnectionAsync(SecureServer server, X509Certificate2? certificate)
    {
        PageStoreService.PageStoreServiceClient pages = new(server.Open(certificate));
        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await pages.PingAsync(new PingRequest()));
        Assert.Contains(failure.StatusCode, (StatusCode[])[StatusCode.Unavailable, StatusCode.Internal]);
    }
}
