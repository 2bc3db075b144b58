using System.Security.Authentication;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

public sealed class TlsTests
{
    private static readonly NbdServerOptions s_offered = new() { Tls = TestCertificate.Tls };
    private static readonly NbdServerOptions s_required = new() { Tls = TestCertificate.Tls, RequireTls = true };

    [Fact]
    public async Task Without_a_certificate_starttls_is_refused_and_the_rest_goes_on()
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();

        Assert.Equal(Rep.Policy, (await client.AskAsync(5, [])).Type);

        await client.GoAsync();
    }

    [Fact]
    public async Task Tls_is_begun_and_all_that_was_negotiated_before_is_void()
    {
        await using TestServer server = new(s_offered);
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        await client.AckAsync(8, []);
        await client.AskAllAsync(10, WireBytes.Contexts("", "base:allocation"));

        await client.AckAsync(5, []);
        await client.StartTlsAsync();

        Assert.Equal(Rep.Invalid, (await client.AskAsync(10, WireBytes.Contexts("", "base:allocation"))).Type);
        Assert.Equal(Rep.Invalid, (await client.AskAsync(5, [])).Type);
        await client.GoAsync();
        byte[] payload = new byte[100_352];
        payload.AsSpan().Fill(7);
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Write, 4096, (uint)payload.Length, payload: payload));
        await client.SendAsync(Cmd.Read, 4096, (uint)payload.Length);
        Assert.Equal(payload, (await client.SimpleReplyAsync(payload.Length)).Data);
        Assert.Equal(Err.Inval, await client.ErrorOfAsync(Cmd.BlockStatus, 0, 4096));
    }

    [Fact]
    public async Task Where_tls_is_required_nothing_else_is_answered()
    {
        await using TestServer server = new(s_required);
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();

        foreach (uint option in (uint[])[3, 6, 7, 8, 9, 10, 99])
        {
            Assert.Equal(Rep.TlsRequired, (await client.AskAsync(option, [])).Type);
        }

        await client.AckAsync(5, []);
        await client.StartTlsAsync();
        await client.GoAsync();
    }

    [Fact]
    public async Task Where_tls_is_required_abort_is_answered_and_export_name_closes()
    {
        await using TestServer server = new(s_required);
        await using WireClient leaving = await server.ConnectAsync();
        await leaving.GreetAsync();
        await leaving.AckAsync(2, []);

        await using WireClient old = await server.ConnectAsync();
        await old.GreetAsync();
        await old.SendOptionAsync(1, []);
        await old.AssertEndAsync();
    }

    [Fact]
    public async Task Plain_bytes_behind_starttls_are_never_answered()
    {
        await using TestServer server = new(s_offered);
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        await client.SendAsync(WireBytes.Join(WireBytes.Option(5, []), WireBytes.Option(3, [])));

        Assert.Equal(Rep.Ack, (await client.OptionReplyAsync()).Type);
        await client.AssertEndAsync();

        await server.AssertHealthyAsync();
    }

    // Whoever is in between can put a request of its own behind the client's STARTTLS; the client then begins TLS as
    // usual, and what was put there must not be taken for something said over it.
    [Fact]
    public async Task Plain_bytes_behind_starttls_are_not_taken_for_something_said_over_tls()
    {
        await using TestServer server = new(s_required);
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        await client.SendAsync(WireBytes.Join(WireBytes.Option(5, []), WireBytes.Option(3, [])));
        Assert.Equal(Rep.Ack, (await client.OptionReplyAsync()).Type);

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(client.StartTlsAsync);

        Assert.True(refused is IOException or AuthenticationException, refused.ToString());
        Assert.Contains("bytes came between", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_instead_of_a_tls_handshake_ends_the_connection_alone()
    {
        await using TestServer server = new(s_offered);
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        await client.AckAsync(5, []);
        await client.TrySendAsync(new byte[512]);

        await client.AssertEndAsync();

        await server.AssertHealthyAsync();
    }
}
