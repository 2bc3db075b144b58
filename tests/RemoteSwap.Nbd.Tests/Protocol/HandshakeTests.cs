using System.Buffers.Binary;
using System.Text;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

public sealed class HandshakeTests
{
    private static readonly NbdServerOptions s_named = new()
    {
        ExportName = "vm7",
        Description = "swap of vm7",
        MinBlockBytes = 512,
    };

    [Fact]
    public async Task The_greeting_is_fixed_newstyle()
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();

        byte[] greeting = await client.ReceiveAsync(18);

        Assert.Equal("NBDMAGICIHAVEOPT\0\u0003", Encoding.Latin1.GetString(greeting));
    }

    [Theory]
    [InlineData(0x4u)]
    [InlineData(0x80000003u)]
    public async Task Unknown_client_flags_end_the_connection(uint flags)
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync(flags);

        await client.AssertEndAsync();

        await server.AssertHealthyAsync();
    }

    [Fact]
    public async Task Without_fixed_newstyle_only_export_name_is_taken()
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync(0);
        await client.SendOptionAsync(3, []);

        await client.AssertEndAsync();
    }

    [Theory]
    [InlineData(3u, 10)]
    [InlineData(1u, 134)]
    public async Task Export_name_answers_with_size_flags_and_padding(uint clientFlags, int bytes)
    {
        await using TestServer server = new(s_named);
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync(clientFlags);
        await client.SendOptionAsync(1, "vm7"u8.ToArray());

        byte[] answer = await client.ReceiveAsync(bytes);

        Assert.Equal(TestServer.SizeBytes, BinaryPrimitives.ReadInt64BigEndian(answer));
        Assert.All(answer[10..], padding => Assert.Equal(0, padding));
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 0, 512, dataBytes: 512));
    }

    [Fact]
    public async Task Export_name_of_an_unknown_export_closes()
    {
        await using TestServer server = new(s_named);
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        await client.SendOptionAsync(1, "vm8"u8.ToArray());

        await client.AssertEndAsync();
    }

    [Fact]
    public async Task Abort_is_acknowledged_and_ends()
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();

        await client.AckAsync(2, []);

        await client.AssertEndAsync();
    }

    [Fact]
    public async Task List_names_the_export()
    {
        await using TestServer server = new(s_named);
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();

        List<OptionReply> replies = await client.AskAllAsync(3, []);

        Assert.Equal([Rep.Server, Rep.Ack], replies.Select(reply => reply.Type));
        Assert.Equal(WireBytes.Text("vm7"), replies[0].Data);
        Assert.Equal(Rep.Invalid, (await client.AskAsync(3, [1])).Type);
    }

    [Theory]
    [InlineData(6u)]
    [InlineData(7u)]
    public async Task Info_and_go_send_export_and_what_was_asked_for(uint option)
    {
        await using TestServer server = new(s_named);
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();

        // 77 is no information that there is.
        List<OptionReply> replies = await client.AskAllAsync(option, WireBytes.Info("vm7", 1, 2, 3, 77));

        Assert.Equal([Rep.Info, Rep.Info, Rep.Info, Rep.Info, Rep.Ack], replies.Select(reply => reply.Type));
        Assert.Equal(12, replies[0].Data.Length);
        Assert.Equal(TestServer.SizeBytes, BinaryPrimitives.ReadInt64BigEndian(replies[0].Data.AsSpan(2)));
        Assert.Equal("\0\u0001vm7", Encoding.UTF8.GetString(replies[1].Data));
        Assert.Equal("\0\u0002swap of vm7", Encoding.UTF8.GetString(replies[2].Data));
        Assert.Equal(
            WireBytes.Join(WireBytes.U16(3), WireBytes.U32(512), WireBytes.U32(4096), WireBytes.U32(32 << 20)),
            replies[3].Data);
    }

    [Fact]
    public async Task Info_export_is_sent_unasked_and_nothing_else_is()
    {
        await using TestServer server = new(s_named);
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();

        List<OptionReply> info = await client.AskAllAsync(6, WireBytes.Info("vm7"));
        List<OptionReply> go = await client.AskAllAsync(7, WireBytes.Info(""));

        Assert.Equal([Rep.Info, Rep.Ack], info.Select(reply => reply.Type));
        Assert.Equal(info[0].Data, go[0].Data);
    }

    [Theory]
    [InlineData(6u)]
    [InlineData(7u)]
    public async Task An_unknown_export_is_told_and_another_try_is_free(uint option)
    {
        await using TestServer server = new(s_named);
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();

        Assert.Equal(Rep.Unknown, (await client.AskAsync(option, WireBytes.Info("vm8"))).Type);

        await client.GoAsync("vm7");
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 0, 512, dataBytes: 512));
    }

    public static TheoryData<uint, byte[]> Malformed => new()
    {
        { 6, [] },
        { 7, [0, 0, 0, 9, 65] },
        { 7, WireBytes.Join(WireBytes.Text("a"), WireBytes.U16(2), WireBytes.U16(0)) },
        { 7, WireBytes.Join(WireBytes.Info("a"), [0]) },
        { 7, WireBytes.Info("\0") },
        { 7, WireBytes.Join(WireBytes.U32(1), [0xff], WireBytes.U16(0)) },
        { 7, WireBytes.Info(new string('a', 4097)) },
        { 5, [1] },
        { 8, [1] },
        { 9, [] },
        { 9, WireBytes.Join(WireBytes.Text(""), WireBytes.U32(0xffffffff)) },
        { 10, WireBytes.Join(WireBytes.Contexts("", "base:allocation"), [0]) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Malformed_data_are_invalid_and_the_stream_stays_in_step(uint option, byte[] data)
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        if (option == 10)
        {
            await client.AckAsync(8, []);
        }

        Assert.Equal(Rep.Invalid, (await client.AskAsync(option, data)).Type);

        await client.GoAsync();
    }

    [Theory]
    [InlineData(4u)]
    [InlineData(11u)]
    [InlineData(0xffffffffu)]
    public async Task Unknown_options_are_unsupported_and_their_data_are_skipped(uint option)
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();

        Assert.Equal(Rep.Unsupported, (await client.AskAsync(option, new byte[16 << 10])).Type);
        Assert.Equal(Rep.TooBig, (await client.AskAsync(option, new byte[(16 << 10) + 1])).Type);
        Assert.Equal(Rep.TooBig, (await client.AskAsync(option, new byte[1 << 20])).Type);

        await client.GoAsync();
    }

    [Fact]
    public async Task Data_that_are_far_too_long_end_the_connection()
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        await client.SendAsync(WireBytes.Join("IHAVEOPT"u8.ToArray(), WireBytes.U32(99), WireBytes.U32((1 << 20) + 1)));

        await client.AssertEndAsync();
    }

    [Fact]
    public async Task Too_many_options_end_the_connection()
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        for (int i = 0; i < 64; i++)
        {
            Assert.Equal(Rep.Unsupported, (await client.AskAsync(99, [])).Type);
        }

        await client.TrySendAsync(WireBytes.Option(99, []));
        await client.AssertEndAsync();
    }

    [Fact]
    public async Task A_wrong_option_magic_ends_the_connection()
    {
        await using TestServer server = new();
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();
        await client.SendAsync(WireBytes.Join("IHAVENOT"u8.ToArray(), WireBytes.U32(2), WireBytes.U32(0)));

        await client.AssertEndAsync();
    }

    [Fact]
    public async Task A_handshake_that_does_not_end_is_ended()
    {
        await using TestServer server = new(new NbdServerOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(50) });
        await using WireClient client = await server.ConnectAsync();

        await client.AssertEndAsync();

        Assert.Contains("took too long", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_and_places_come_back()
    {
        await using TestServer server = new(new NbdServerOptions { MaxConnections = 2 });
        WireClient first = await server.GoAsync();
        await using WireClient second = await server.GoAsync();
        await using (WireClient third = await server.ConnectAsync())
        {
            await third.AssertEndAsync();
        }

        await first.DisposeAsync();
        await TestServer.EventuallyAsync(() => server.Server.ConnectionCount == 1, "the first one has left");
        await server.AssertHealthyAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Flags_tell_what_is_served(bool isReadOnly)
    {
        await using TestServer server = new(new NbdServerOptions { ReadOnly = isReadOnly, Rotational = isReadOnly });
        await using WireClient client = await server.ConnectAsync();
        await client.GreetAsync();

        Assert.Equal(isReadOnly ? 0x51f : 0xd6d, await FlagsAsync());
        await client.AckAsync(8, []);
        Assert.Equal(isReadOnly ? 0x59f : 0xded, await FlagsAsync());

        async Task<int> FlagsAsync() => BinaryPrimitives.ReadUInt16BigEndian(
            (await client.AskAllAsync(6, WireBytes.Info("")))[0].Data.AsSpan(10));
    }
}
