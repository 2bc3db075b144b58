using System.Collections.Concurrent;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

/// <summary>Many requests at a time: order, bounds, failures and the end.</summary>
public sealed class PipeliningTests
{
    [Fact]
    public async Task Requests_end_in_any_order()
    {
        await using TestServer server = new();
        ConcurrentDictionary<long, TaskCompletionSource<NbdResult>> held = Hold(server.Device);
        await using WireClient client = await server.GoAsync();
        for (uint i = 0; i < 8; i++)
        {
            await client.SendAsync(Cmd.Read, i * 4096, 4096, cookie: i);
        }

        await TestServer.EventuallyAsync(() => held.Count == 8, "all run");
        for (int i = 7; i >= 0; i--)
        {
            held[i * 4096].SetResult(NbdResult.Success);
            Assert.Equal((ulong)i, (await client.SimpleReplyAsync(4096)).Cookie);
        }
    }

    [Theory]
    [InlineData(3, 4096, 64 << 20, 3)]
    [InlineData(64, 1 << 20, 4 << 20, 4)]
    [InlineData(64, 3 << 20, 4 << 20, 1)]
    public async Task No_more_run_than_the_window_holds(int maxRequests, uint length, long maxBytes, int running)
    {
        await using TestServer server = new(new NbdServerOptions
        {
            MaxRequestsInFlight = maxRequests,
            MaxBytesInFlight = maxBytes,
            MaxBlockBytes = 4 << 20,
        });
        ConcurrentDictionary<long, TaskCompletionSource<NbdResult>> held = Hold(server.Device);
        await using WireClient client = await server.GoAsync();
        for (uint i = 0; i < 8; i++)
        {
            await client.SendAsync(Cmd.Read, i * 512, length, cookie: i);
        }

        await TestServer.EventuallyAsync(() => held.Count == running, "the window is full");
        await Task.Delay(20);
        Assert.Equal(running, held.Count);
        for (uint i = 0; i < 8; i++)
        {
            await TestServer.EventuallyAsync(() => held.ContainsKey(i * 512), "the next one runs");
            held[i * 512].SetResult(NbdResult.Success);
            await client.SimpleReplyAsync((int)length);
        }

        Assert.Equal(running, server.Device.MostRunning);
    }

    [Fact]
    public async Task A_client_that_does_not_read_stops_its_own_requests_only()
    {
        await using TestServer server = new(new NbdServerOptions { MaxRequestsInFlight = 4 });
        await using WireClient deaf = await server.GoAsync();
        byte[] requests = WireBytes.Join(
            [.. Enumerable.Range(0, 64).Select(i => WireBytes.Request(Cmd.Read, 0, 1 << 20, (ulong)i))]);
        await deaf.SendAsync(requests);

        await TestServer.EventuallyAsync(() => server.Device.Calls.Count > 0, "it begins");
        await server.AssertHealthyAsync();
        Assert.InRange(server.Device.Calls.Count, 1, 16);

        for (ulong i = 0; i < 64; i++)
        {
            Assert.Equal(i, (await deaf.SimpleReplyAsync(1 << 20)).Cookie);
        }
    }

    [Fact]
    public async Task Thousands_of_pipelined_requests_are_all_answered_with_the_right_bytes()
    {
        await using TestServer server = new();
        server.Device.Before = async (_, offset) =>
        {
            if (offset % 8192 == 0)
            {
                await Task.Yield();
            }

            return NbdResult.Success;
        };
        await using WireClient client = await server.GoAsync();
        const int Pages = 2000;
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < Pages; i++)
            {
                byte[] page = new byte[4096];
                page.AsSpan().Fill((byte)i);
                await client.SendAsync(Cmd.Write, (ulong)i * 4096, 4096, (ulong)i, payload: page);
            }
        });
        HashSet<ulong> cookies = [];
        for (int i = 0; i < Pages; i++)
        {
            Reply reply = await client.SimpleReplyAsync();
            Assert.Equal(0u, reply.Error);
            Assert.True(cookies.Add(reply.Cookie));
        }

        await writing;
        Task asking = Task.Run(async () =>
        {
            for (int i = 0; i < Pages; i++)
            {
                await client.SendAsync(Cmd.Read, (ulong)i * 4096, 4096, (ulong)i);
            }
        });
        for (int i = 0; i < Pages; i++)
        {
            Reply reply = await client.SimpleReplyAsync(4096);
            Assert.Equal(4096, reply.Data.AsSpan().Count((byte)reply.Cookie));
        }

        await asking;
        Assert.Equal(2 * Pages, server.Server.RequestsServed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_device_that_throws_ends_the_connection_and_no_other(bool isLate)
    {
        await using TestServer server = new() { MayThrow = true };
        await using WireClient other = await server.GoAsync();
        server.Device.Before = async (_, _) =>
        {
            if (isLate)
            {
                await Task.Delay(5);
            }

            throw new InvalidTimeZoneException("a bug");
        };
        await using (WireClient client = await server.GoAsync())
        {
            await client.SendAsync(Cmd.Read, 0, 4096);
            await client.AssertEndAsync();
        }

        server.Device.Before = null;
        Assert.Equal(0u, await other.ErrorOfAsync(Cmd.Read, 0, 512, dataBytes: 512));
        Assert.Contains("a bug", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_connection_cancels_what_is_in_flight_and_waits_for_it()
    {
        await using TestServer server = new();
        ConcurrentDictionary<long, TaskCompletionSource<NbdResult>> held = Hold(server.Device);
        WireClient client = await server.GoAsync();
        await client.SendAsync(Cmd.Read, 0, 4096);
        await TestServer.EventuallyAsync(() => held.Count == 1, "it runs");
        await client.SendAsync([1, 2, 3]);
        await client.DisposeAsync();
        await TestServer.EventuallyAsync(() => server.Log.Contains("cut", StringComparison.Ordinal), "it is cut");
        Assert.Equal(1, server.Server.ConnectionCount);

        held[0].SetResult(NbdResult.Success);

        await TestServer.EventuallyAsync(() => server.Server.ConnectionCount == 0, "it has gone");
    }

    [Fact]
    public async Task Stopping_refuses_new_requests_and_finishes_those_in_flight()
    {
        await using TestServer server = new();
        ConcurrentDictionary<long, TaskCompletionSource<NbdResult>> held = Hold(server.Device);
        await using WireClient client = await server.GoAsync();
        await using WireClient shaking = await server.ConnectAsync();
        await shaking.GreetAsync();
        Assert.Equal(Rep.Unsupported, (await shaking.AskAsync(99, [])).Type);
        await client.SendAsync(Cmd.Read, 0, 4096, cookie: 1);
        await TestServer.EventuallyAsync(() => held.Count == 1, "it runs");

        Task stopping = server.Server.StopAsync(TimeSpan.FromSeconds(20));
        await client.SendAsync(Cmd.Write, 0, 4096, cookie: 2, payload: new byte[4096]);
        Reply refused = await client.SimpleReplyAsync();
        Assert.Equal(Rep.Shutdown, (await shaking.AskAsync(7, WireBytes.Info(""))).Type);
        await shaking.AssertEndAsync();
        held[0].SetResult(NbdResult.Success);
        Reply finished = await client.SimpleReplyAsync(4096);

        Assert.Equal((Err.Shutdown, 2ul), (refused.Error, refused.Cookie));
        Assert.Equal((0u, 1ul), (finished.Error, finished.Cookie));
        await client.AssertEndAsync();
        await stopping;
        Assert.Equal(0, server.Server.ConnectionCount);
    }

    [Fact]
    public async Task Stopping_cuts_what_takes_too_long()
    {
        await using TestServer server = new();
        ConcurrentDictionary<long, TaskCompletionSource<NbdResult>> held = Hold(server.Device);
        await using WireClient client = await server.GoAsync();
        await client.SendAsync(Cmd.Read, 0, 4096);
        await TestServer.EventuallyAsync(() => held.Count == 1, "it runs");

        Task stopping = server.Server.StopAsync(TimeSpan.FromMilliseconds(20));
        await client.AssertEndAsync();
        Assert.False(stopping.IsCompleted);
        held[0].SetResult(NbdResult.Success);

        await stopping;
    }

    [Fact]
    public async Task Large_requests_leave_no_memory_behind()
    {
        await using TestServer server = new(sizeBytes: 64 << 20);
        await using WireClient client = await server.GoAsync();
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 0, 32 << 20, dataBytes: 32 << 20));
        }

        Assert.Equal(0, server.Server.PooledBytes);
        Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 0, 4096, dataBytes: 4096));
        await TestServer.EventuallyAsync(() => server.Server.PooledBytes == 4096, "a small buffer is kept");
    }

    private static ConcurrentDictionary<long, TaskCompletionSource<NbdResult>> Hold(MemoryDevice device)
    {
        ConcurrentDictionary<long, TaskCompletionSource<NbdResult>> held = new();
        device.Before = (_, offset) => new ValueTask<NbdResult>(held.GetOrAdd(
            offset, _ => new TaskCompletionSource<NbdResult>(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
        return held;
    }
}
