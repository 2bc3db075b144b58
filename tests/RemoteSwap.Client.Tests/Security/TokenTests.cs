using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using RemoteSwap.Client.Security;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.Credentials;
using Xunit;

namespace RemoteSwap.Client.Tests.Security;

/// <summary>The token goes with every call and stream, never in the open, and follows its file.</summary>
public sealed class TokenTests
{
    public static TheoryData<int> Streams => [0, 2];

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task It_goes_with_every_call_and_stream(int streams)
    {
        using TestPki pki = new();
        string token = AccessToken.New();
        ConcurrentQueue<string?> heard = [];
        await using FakeServer server = await FakeServer.StartAsync(listen: pki.Listen());
        Listen(server, heard);
        await using RemoteSwapConnection connection =
            server.Connect(streams, tls: pki.Client, tokenFile: pki.Token(token: token));

        await connection.Area(1).StoreAsync(7, Pages.Text(3));
        await connection.Area(1).LoadAsync(7, new byte[4096]);
        await connection.ReclaimAsync(5);

        Assert.Equal(3, heard.Count);
        Assert.All(heard, one => Assert.Equal($"Bearer {token}", one));
    }

    [Fact]
    public async Task A_file_that_was_replaced_is_read_by_the_next_call()
    {
        using TestPki pki = new();
        ConcurrentQueue<string?> heard = [];
        await using FakeServer server = await FakeServer.StartAsync(listen: pki.Listen());
        Listen(server, heard);
        await using RemoteSwapConnection connection =
            server.Connect(0, tls: pki.Client, tokenFile: pki.Token(token: AccessToken.New()));
        await connection.PingAsync(default);

        string second = AccessToken.New();
        File.SetLastWriteTimeUtc(pki.Token(token: second), DateTime.UtcNow.AddSeconds(1));
        await connection.PingAsync(default);

        Assert.Equal([$"Bearer {second}"], heard.Skip(1));

        File.Delete(pki.Path("token"));
        await connection.PingAsync(default);
        Assert.Equal($"Bearer {second}", heard.Last());
    }

    [Fact]
    public async Task Loopback_and_sockets_need_no_tls_for_it()
    {
        using TestPki pki = new();
        ConcurrentQueue<string?> heard = [];
        await using FakeServer plain = await FakeServer.StartAsync();
        await using FakeServer socket = await FakeServer.StartAsync(pki.Path("sock"));
        foreach (FakeServer server in (FakeServer[])[plain, socket])
        {
            Listen(server, heard);
            await using RemoteSwapConnection connection = server.Connect(1, tokenFile: pki.Token());
            await connection.PingAsync(default);
        }

        Assert.Equal(2, heard.Count(one => one!.StartsWith("Bearer rst_", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("http://pages.example:7420")]
    [InlineData("http://10.0.0.1:7420")]
    [InlineData("http://[2001:db8::1]:7420")]
    public void In_the_open_it_is_refused_before_anything_is_sent(string address)
    {
        RemoteSwapClientOptions options = new() { Address = new Uri(address), TokenFile = "/run/token" };

        ArgumentException refused = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Contains("without TLS", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_says_this_machine_and_leads_elsewhere_is_sent_nothing()
    {
        IPAddress? outside = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address)
            .FirstOrDefault(one => one.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(one));
        Assert.SkipWhen(outside is null, "this machine has no address but loopback");
        using TestPki pki = new();
        using Socket listener = new(outside!.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(outside, 0));
        listener.Listen();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        RemoteSwapClientOptions options = new()
        {
            Address = new Uri($"http://localhost:{port}"),
            TokenFile = pki.Token(),
        };
        options.Validate();
        ServerDialer dialer = new(options, new SilentEnds(options));

        CredentialException refused = await Assert.ThrowsAsync<CredentialException>(async () =>
            await dialer.ConnectAsync(new DnsEndPoint(outside.ToString(), port), CancellationToken.None));

        Assert.Contains("another machine", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tls_options_without_tls_and_halves_of_a_pair_are_refused()
    {
        ArgumentException plain = Assert.Throws<ArgumentException>(
            new RemoteSwapClientOptions { Address = new Uri("http://a:1"), Tls = new TlsOptions() }.Validate);
        ArgumentException half = Assert.Throws<ArgumentException>(new RemoteSwapClientOptions
        {
            Address = new Uri("https://a:1"),
            Tls = new TlsOptions { CertificateFile = "a.pem", ServerName = " " },
        }.Validate);

        Assert.Contains("use https://", plain.Message, StringComparison.Ordinal);
        Assert.Contains("go together", half.Message, StringComparison.Ordinal);
        Assert.Contains("ServerName is empty", half.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rst_short")]
    [InlineData("")]
    [InlineData("not a token at all, but as long as one: xxxxxxx")]
    public async Task A_file_without_a_token_or_open_to_others_is_named_and_its_content_is_not(string content)
    {
        using TestPki pki = new();
        string path = pki.Token(token: content);
        await using FakeServer server = await FakeServer.StartAsync(listen: pki.Listen());
        await using RemoteSwapConnection connection = server.Connect(1, tls: pki.Client, tokenFile: path);

        RemoteSwapException malformed = await FailAsync(connection);
        TestPki.OpenTo(UnixFileMode.GroupRead, path);
        RemoteSwapException open = await FailAsync(connection);

        Assert.Equal(RemoteSwapError.Unauthenticated, malformed.Error);
        Assert.Contains($"'{path}' holds no token", malformed.Message, StringComparison.Ordinal);
        Assert.True(content.Length == 0 || !malformed.Message.Contains(content, StringComparison.Ordinal));
        Assert.Contains("chmod 600", open.Message, StringComparison.Ordinal);
    }

    private static void Listen(FakeServer server, ConcurrentQueue<string?> heard)
    {
        server.Store.Before = (_, context) =>
        {
            heard.Enqueue(context.RequestHeaders.GetValue("authorization"));
            return Task.CompletedTask;
        };
    }

    private static async Task<RemoteSwapException> FailAsync(RemoteSwapConnection connection) =>
        await Assert.ThrowsAsync<RemoteSwapException>(async () => await connection.PingAsync(default));
}
