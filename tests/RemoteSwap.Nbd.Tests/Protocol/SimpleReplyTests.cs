using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

public sealed class SimpleReplyTests
{
    private static readonly byte[] s_page = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))];

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    [InlineData(131_072)]
    [InlineData(4 << 20)]
    public async Task What_was_written_is_read(int length)
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();
        byte[] payload = new byte[length];
        new Random(length).NextBytes(payload);

        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Write, 1536, (uint)length, payload: payload));
        await client.SendAsync(Cmd.Read, 1536, (uint)length, cookie: ulong.MaxValue);
        Reply reply = await client.SimpleReplyAsync(length);

        Assert.Equal(payload, reply.Data);
        Assert.Equal(ulong.MaxValue, reply.Cookie);
    }

    [Fact]
    public async Task Disconnect_finishes_what_is_in_flight_and_closes()
    {
        await using TestServer server = new();
        TaskCompletionSource<NbdResult> held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Device.Before = (_, _) => new ValueTask<NbdResult>(held.Task);
        await using WireClient client = await server.GoAsync();
        await client.SendAsync(Cmd.Write, 0, 4096, cookie: 5, payload: s_page);
        await client.SendAsync(Cmd.Disconnect, 0, 0);
        await TestServer.EventuallyAsync(() => server.Device.Running == 1, "the write runs");
        held.SetResult(NbdResult.Success);

        Assert.Equal(5ul, (await client.SimpleReplyAsync()).Cookie);

        await client.AssertEndAsync();
    }

    [Fact]
    public async Task A_client_that_has_ended_its_sending_gets_its_replies()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();
        await client.SendAsync(Cmd.Write, 0, 4096, cookie: 5, payload: s_page);
        client.EndSending();

        Assert.Equal(5ul, (await client.SimpleReplyAsync()).Cookie);

        await client.AssertEndAsync();
    }

    [Fact]
    public async Task Flush_trim_cache_and_write_zeroes_reach_the_device()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();

        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Flush, 0, 0));
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Trim, 4096, 8192));
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Cache, 0, TestServer.SizeBytes));
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.WriteZeroes, 512, 512));
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.WriteZeroes, 0, 4096, Cmd.NoHole));
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.WriteZeroes, 0, TestServer.SizeBytes, Cmd.FastZero));

        Assert.Equal(
            [
                "flush", "trim 4096+8192", $"cache 0+{TestServer.SizeBytes}", "zero 512+512", "zero 0+4096 keep",
                $"zero 0+{TestServer.SizeBytes}",
            ],
            server.Device.Calls);
    }

    [Theory]
    [InlineData(Cmd.Read, false)]
    [InlineData(Cmd.Write, true)]
    [InlineData(Cmd.Flush, false)]
    [InlineData(Cmd.Trim, true)]
    [InlineData(Cmd.Cache, false)]
    [InlineData(Cmd.WriteZeroes, true)]
    public async Task Fua_is_taken_with_every_command_and_flushes_behind_what_writes(int command, bool flushes)
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();
        bool isFlush = command == Cmd.Flush;

        uint error = await client.ErrorOfAsync(
            command, 0, isFlush ? 0u : 4096u, Cmd.Fua, command == Cmd.Write ? s_page : [],
            command == Cmd.Read ? 4096 : 0);

        Assert.Equal(0u, error);
        Assert.Equal(flushes ? 2 : 1, server.Device.Calls.Count);
        Assert.Equal(flushes || isFlush, server.Device.Calls[^1] == "flush");
    }

    [Fact]
    public async Task Fua_costs_no_flush_where_a_write_is_as_safe_as_after_one()
    {
        await using TestServer server = new();
        server.Device.IsWriteThrough = true;
        await using WireClient client = await server.GoAsync();

        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Write, 0, 4096, Cmd.Fua, s_page));

        Assert.Single(server.Device.Calls);
    }

    [Fact]
    public async Task A_flush_behind_fua_that_waits_or_fails_is_the_answer()
    {
        await using TestServer server = new();
        server.Device.Before = async (name, _) =>
        {
            await Task.Yield();
            return name == "flush" ? new NbdResult(NbdError.InputOutput, "no flush") : NbdResult.Success;
        };
        await using WireClient client = await server.GoAsync();

        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Write, 0, 4096, payload: s_page));
        Assert.Equal(Err.Io, await client.ErrorOfAsync(Cmd.Write, 0, 4096, Cmd.Fua, s_page));

        Assert.Contains("no flush", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_of_the_device_are_answered_and_the_connection_goes_on()
    {
        await using TestServer server = new();
        server.Device.Before = (name, _) => new ValueTask<NbdResult>(
            new NbdResult(name == "read" ? NbdError.InputOutput : NbdError.NoSpace, "broken"));
        await using WireClient client = await server.GoAsync();

        Assert.Equal(Err.Io, await client.ErrorOfAsync(Cmd.Read, 0, 4096));
        Assert.Equal(Err.NoSpc, await client.ErrorOfAsync(Cmd.Write, 0, 4096, payload: s_page));
        server.Device.Before = null;
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 0, 4096, dataBytes: 4096));
    }
}
