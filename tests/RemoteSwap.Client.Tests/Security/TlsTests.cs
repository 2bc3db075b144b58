using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.Credentials;
using Xunit;

namespace RemoteSwap.Client.Tests.Security;

/// <summary>Who the client believes, and what it shows, over streams and over calls.</summary>
public sealed class TlsTests
{
    // How long a client waits that takes a refusal for a server that is away: then the test fails.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static TheoryData<int> Streams => [0, 2];

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Both_ends_show_certificates_and_pages_travel(int streams)
    {
        using TestPki pki = new();
        X509Certificate2? seen = null;
        await using FakeServer server = await FakeServer.StartAsync(listen: pki.Listen(one => seen = one));
        await using RemoteSwapConnection connection = server.Connect(streams, tls: pki.Client);
        byte[] loaded = new byte[4096];

        await connection.Area(1).StoreAsync(7, Pages.Text(3));

        Assert.Equal(LoadOutcome.Loaded, await connection.Area(1).LoadAsync(7, loaded));
        Assert.Equal(Pages.Text(3), loaded);
        Assert.Equal([new Identity(IdentityKind.Tenant, "vm7")], Identity.Of(seen!));
    }

    [Theory]
    [InlineData("other authority", "is none of the authorities that are believed")]
    [InlineData("other name", "it is for 'elsewhere.example', not for '127.0.0.1'")]
    [InlineData("expired", "it expired on ")]
    [InlineData("not yet", "is valid from ")]
    public async Task Server_that_is_not_believed_is_sent_nothing_and_not_asked_again(string fault, string words)
    {
        using TestPki pki = new();
        using TestPki other = new();
        using CertificateAuthority past = CertificateAuthority.Open(
            pki.Ca, pki.Path("ca.key"), pki.Now.AddMinutes(fault == "not yet" ? 60 : -10));
        pki.Issue("server", fault switch
        {
            "other authority" => other.Authority.IssueServer(["127.0.0.1"], 1),
            "other name" => pki.Authority.IssueServer(["elsewhere.example"], 1),
            "expired" => past.IssueServer(["127.0.0.1"], 0),
            _ => past.IssueServer(["127.0.0.1"], 1),
        });
        int connections = 0;
        await using FakeServer server = await FakeServer.StartAsync(listen: listener =>
        {
            pki.Listen()(listener);
            listener.Use(next => context =>
            {
                Interlocked.Increment(ref connections);
                return next(context);
            });
        });
        await using RemoteSwapConnection connection = server.Connect(
            1, callDeadline: s_patience, waitsForServer: true, tls: pki.Client, tokenFile: pki.Token());

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.Area(1).StoreAsync(7, Pages.Text(3)));

        Assert.Equal(RemoteSwapError.Unauthenticated, failure.Error);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Store.Requests);
        Assert.Equal(0, server.Store.Exchanges.Streams);
        Assert.InRange(connections, 0, 1);
    }

    [Fact]
    public async Task A_tenant_can_not_act_as_the_server()
    {
        using TestPki pki = new();
        TcpListener impostor = new(IPAddress.Loopback, 0);
        impostor.Start();
        Task<string> ended = ServeAsync(impostor, pki);
        await using RemoteSwapConnection connection = RemoteSwapConnection.Open(new RemoteSwapClientOptions
        {
            Address = new Uri($"https://{impostor.LocalEndpoint}"),
            Tls = new TlsOptions { CaFile = pki.Ca },
            TokenFile = pki.Token(),
            Streams = 1,
        });

        RemoteSwapException failure = await FailAsync(connection);

        Assert.Equal(RemoteSwapError.Unauthenticated, failure.Error);
        Assert.Contains("it was made for another use", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("rst_", await ended, StringComparison.Ordinal);
        impostor.Dispose();
    }

    [Fact]
    public async Task The_system_authorities_are_not_believed_beside_the_given_ones_and_theirs_are_without()
    {
        using TestPki pki = new();
        await using FakeServer server = await FakeServer.StartAsync(listen: pki.Listen());
        await using RemoteSwapConnection connection = server.Connect(1);

        RemoteSwapException failure = await FailAsync(connection);

        Assert.Equal(RemoteSwapError.Unauthenticated, failure.Error);
        Assert.Contains("is none of the authorities", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_name_can_be_expected()
    {
        using TestPki pki = new();
        pki.Issue("server", pki.Authority.IssueServer(["pages.example"], 1));
        await using FakeServer server = await FakeServer.StartAsync(listen: pki.Listen());
        await using RemoteSwapConnection connection = server.Connect(
            1, tls: new TlsOptions { CaFile = pki.Ca, ServerName = "pages.example" });

        await connection.PingAsync(default);
    }

    [Fact]
    public async Task An_older_version_of_tls_is_refused()
    {
        using TestPki pki = new();
#pragma warning disable CA5398 // An old server is what is tested.
        await using FakeServer server = await FakeServer.StartAsync(listen: listener => listener.UseHttps(
            X509Certificate2.CreateFromPemFile(pki.Path("server.pem"), pki.Path("server.key")),
            https => https.SslProtocols = SslProtocols.Tls12));
#pragma warning restore CA5398
        await using RemoteSwapConnection connection = server.Connect(1, waitsForServer: true, tls: pki.Client);

        Assert.Equal(RemoteSwapError.Unauthenticated, (await FailAsync(connection)).Error);
    }

    [Fact]
    public async Task A_server_without_tls_is_refused_and_hears_no_token()
    {
        using TestPki pki = new();
        TcpListener plain = new(IPAddress.Loopback, 0);
        plain.Start();
        Task<byte[]> heard = AnswerInPlainAsync(plain);
        await using RemoteSwapConnection connection = RemoteSwapConnection.Open(new RemoteSwapClientOptions
        {
            Address = new Uri($"https://{plain.LocalEndpoint}"),
            Tls = pki.Client,
            TokenFile = pki.Token(),
            Streams = 1,
            WaitsForServer = true,
        });

        Assert.Equal(RemoteSwapError.Unauthenticated, (await FailAsync(connection)).Error);
        Assert.DoesNotContain("rst_", System.Text.Encoding.ASCII.GetString(await heard), StringComparison.Ordinal);
        plain.Dispose();
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_from_the_next_connection_on()
    {
        using TestPki pki = new();
        List<string> seen = [];
        Action<Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions> listen =
            pki.Listen(one => seen.Add(one!.SerialNumber));
        FakeServer first = await FakeServer.StartAsync(listen: listen);
        await using RemoteSwapConnection connection = first.Connect(1, waitsForServer: true, tls: pki.Client);
        await connection.PingAsync(default);
        int port = first.Address.Port;
        await first.DisposeAsync();

        pki.Issue("client", pki.Authority.IssueClient(new Identity(IdentityKind.Tenant, "vm7"), 30));
        await using FakeServer second = await FakeServer.StartAsync(listen: listen, port: port);
        await connection.PingAsync(default);

        Assert.Equal(2, seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "0640")]
    [InlineData(UnixFileMode.OtherRead, "0604")]
    [InlineData(UnixFileMode.OtherWrite, "0602")]
    public async Task A_key_that_others_may_read_is_refused_with_its_mode_and_what_to_do(UnixFileMode more, string mode)
    {
        using TestPki pki = new();
        TestPki.OpenTo(more, pki.Path("client.key"));
        await using FakeServer server = await FakeServer.StartAsync(listen: pki.Listen());
        await using RemoteSwapConnection connection = server.Connect(1, tls: pki.Client);

        RemoteSwapException failure = await FailAsync(connection);

        Assert.Equal(RemoteSwapError.Unauthenticated, failure.Error);
        Assert.Contains(mode, failure.Message, StringComparison.Ordinal);
        Assert.Contains("chmod 600", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "can not be read")]
    [InlineData("garbage", "do not belong together")]
    [InlineData("other", "do not belong together")]
    [InlineData("ca", "holds no certificate")]
    public async Task A_file_that_is_not_what_it_should_be_is_named(string fault, string words)
    {
        using TestPki pki = new();
        using TestPki other = new();
        switch (fault)
        {
            case "missing":
                File.Delete(pki.Path("client.key"));
                break;
            case "garbage":
                File.WriteAllText(pki.Path("client.key"), "-----BEGIN PRIVATE KEY-----");
                break;
            case "other":
                File.Copy(other.Path("client.key"), pki.Path("client.key"), overwrite: true);
                break;
            default:
                File.WriteAllText(pki.Ca, "nothing");
                break;
        }

        await using FakeServer server = await FakeServer.StartAsync(listen: pki.Listen(certificate: "server"));
        await using RemoteSwapConnection connection = server.Connect(1, waitsForServer: true, tls: pki.Client);

        RemoteSwapException failure = await FailAsync(connection);

        Assert.Equal(RemoteSwapError.Unauthenticated, failure.Error);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<RemoteSwapException> FailAsync(RemoteSwapConnection connection) =>
        await Assert.ThrowsAsync<RemoteSwapException>(async () => await connection.PingAsync(default));

    // Kestrel itself would not serve with a client's certificate.
    private static async Task<string> ServeAsync(TcpListener listener, TestPki pki)
    {
        using Socket client = await listener.AcceptSocketAsync();
        await using SslStream secure = new(new NetworkStream(client, ownsSocket: false));
        byte[] heard = new byte[4096];
        try
        {
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = X509Certificate2.CreateFromPemFile(pki.Path("client.pem"), pki.Path("client.key")),
                ApplicationProtocols = [SslApplicationProtocol.Http2],
            });
            int bytes = await secure.ReadAtLeastAsync(heard, heard.Length, throwOnEndOfStream: false);
            return System.Text.Encoding.ASCII.GetString(heard, 0, bytes);
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            return refused.Message;
        }
    }

    private static async Task<byte[]> AnswerInPlainAsync(TcpListener plain)
    {
        using Socket client = await plain.AcceptSocketAsync();
        byte[] heard = new byte[4096];
        int bytes = await client.ReceiveAsync(heard);

        // HTTP/2 settings, as a server without TLS sends them.
        await client.SendAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 });
        return heard[..bytes];
    }
}
