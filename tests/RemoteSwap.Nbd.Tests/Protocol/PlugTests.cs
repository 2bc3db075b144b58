using System.Collections.Concurrent;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

/// <summary>
/// Requests that are at hand together are begun under a plug of the device, and nothing is waited for under one.
/// </summary>
public sealed class PlugTests
{
    private const int Page = 4096;
    private const string Plug = "plug";
    private const string Unplug = "unplug";

    [Fact]
    public async Task Requests_that_come_in_one_piece_are_begun_under_one_plug_that_ends_before_anything_is_waited_for()
    {
        const int Count = 8;
        await using TestServer server = new();
        HoldUntilUnplugged(server.Device);
        await using WireClient client = await server.GoAsync();

        await client.SendAsync(Reads(Count));

        await AssertAnsweredAsync(client, Count);
        Assert.Equal([Plug, .. Steps(Count), Unplug], server.Device.Steps);
    }

    [Fact]
    public async Task A_request_alone_is_begun_without_a_plug()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, (ulong)i * Page, Page, dataBytes: Page));
        }

        Assert.Equal(Steps(3), server.Device.Steps);
    }

    [Fact]
    public async Task Many_at_hand_are_begun_under_several_plugs()
    {
        const int Count = 60;
        const int MostTogether = 16;
        await using TestServer server = new(new NbdServerOptions { MaxRequestsInFlight = Count });
        HoldUntilUnplugged(server.Device);
        await using WireClient client = await server.GoAsync();

        await client.SendAsync(Reads(Count));

        await AssertAnsweredAsync(client, Count);
        Assert.Equal(Steps(Count), server.Device.Calls);
        Assert.Equal([MostTogether, MostTogether, MostTogether, Count % MostTogether], Plugs(server.Device));
    }

    [Fact]
    public async Task A_payload_that_is_not_here_is_waited_for_without_a_plug()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();

        await client.SendAsync(WireBytes.Join(Reads(2), WireBytes.Request(Cmd.Write, 2 * Page, Page, cookie: 2)));
        await AssertAnsweredAsync(client, 2);
        Assert.Equal([Plug, .. Steps(2), Unplug], server.Device.Steps);
        await client.SendAsync(new byte[Page]);

        Assert.Equal(2ul, (await client.SimpleReplyAsync()).Cookie);
        Assert.Equal([Plug, .. Steps(2), Unplug, $"write {2 * Page}+{Page}"], server.Device.Steps);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_place_in_the_window_is_waited_for_without_a_plug(int maxRequests)
    {
        const int Count = 12;
        await using TestServer server = new(new NbdServerOptions { MaxRequestsInFlight = maxRequests });
        HoldUntilUnplugged(server.Device);
        await using WireClient client = await server.GoAsync();

        await client.SendAsync(Reads(Count));

        await AssertAnsweredAsync(client, Count);
        Assert.All(Plugs(server.Device), count => Assert.InRange(count, 0, maxRequests));
    }

    [Theory]
    [InlineData(28)]
    [InlineData(5)]
    public async Task A_client_that_breaks_off_or_the_protocol_leaves_nothing_plugged(int bytesOfNone)
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();

        await client.SendAsync(WireBytes.Join(Reads(2), new byte[bytesOfNone]));
        client.EndSending();

        await client.AssertEndAsync();
        await TestServer.EventuallyAsync(() => server.Server.ConnectionCount == 0, "it has gone");
        Assert.Equal([Plug, .. Steps(2), Unplug], server.Device.Steps);
    }

    [Fact]
    public async Task A_client_that_goes_leaves_nothing_plugged()
    {
        await using TestServer server = new();
        await using WireClient client = await server.GoAsync();

        await client.SendAsync(WireBytes.Join(Reads(2), WireBytes.Request(Cmd.Disconnect, 0, 0)));

        await AssertAnsweredAsync(client, 2);
        await client.AssertEndAsync();
        Assert.Equal([Plug, .. Steps(2), Unplug], server.Device.Steps);
    }

    [Fact]
    public async Task A_device_that_throws_is_unplugged_all_the_same()
    {
        await using TestServer server = new() { MayThrow = true };
        server.Device.Before = static (_, _) => throw new InvalidTimeZoneException("a bug");
        await using WireClient client = await server.GoAsync();

        await client.SendAsync(Reads(4));

        await client.AssertEndAsync();
        await TestServer.EventuallyAsync(() => server.Server.ConnectionCount == 0, "it has gone");
        Assert.Equal((Plug, Unplug), (server.Device.Steps[0], server.Device.Steps[^1]));
        Assert.Single(Plugs(server.Device));
    }

    [Fact]
    public async Task However_a_stream_is_cut_every_plug_ends_on_its_thread_and_every_request_is_answered()
    {
        const int Count = 400;
        Random random = new(11);
        await using TestServer server = new();
        server.Device.Before = static async (_, offset) =>
        {
            if (offset % (3 * Page) == 0)
            {
                await Task.Yield();
            }

            return NbdResult.Success;
        };
        await using WireClient client = await server.GoAsync();
        byte[] stream = WireBytes.Join([.. Enumerable.Range(0, Count).Select(i => random.Next(2) == 0
            ? WireBytes.Request(Cmd.Trim, (ulong)i * Page, Page, (ulong)i)
            : WireBytes.Join(WireBytes.Request(Cmd.Write, (ulong)i * Page, Page, (ulong)i), new byte[Page]))]);

        for (int sent = 0; sent < stream.Length;)
        {
            int count = Math.Min(random.Next(1, 40_000), stream.Length - sent);
            await client.SendAsync(stream[sent..(sent + count)]);
            sent += count;
        }

        HashSet<ulong> cookies = [];
        while (cookies.Count < Count)
        {
            Assert.True(cookies.Add((await client.SimpleReplyAsync()).Cookie));
        }

        Assert.NotEmpty(Plugs(server.Device));
    }

    // How many calls each plug had; fails for a plug that is not ended, or not by its thread.
    private static List<int> Plugs(MemoryDevice device)
    {
        List<int> plugs = [];
        int calls = -1;
        foreach (string step in device.Steps)
        {
            Assert.DoesNotContain("stray", step, StringComparison.Ordinal);
            if (step == Unplug)
            {
                plugs.Add(calls);
            }

            calls = step == Plug ? 0 : step == Unplug || calls < 0 ? -1 : calls + 1;
        }

        Assert.Equal(-1, calls);
        return plugs;
    }

    // As a device that sends nothing before; a call outside of a plug is done at once.
    private static void HoldUntilUnplugged(MemoryDevice device)
    {
        ConcurrentQueue<TaskCompletionSource<NbdResult>> held = new();
        device.Before = (_, _) =>
        {
            if (!device.IsPlugged)
            {
                return new ValueTask<NbdResult>(NbdResult.Success);
            }

            TaskCompletionSource<NbdResult> call = new(TaskCreationOptions.RunContinuationsAsynchronously);
            held.Enqueue(call);
            return new ValueTask<NbdResult>(call.Task);
        };
        device.Unplugged = () =>
        {
            while (held.TryDequeue(out TaskCompletionSource<NbdResult>? call))
            {
                call.SetResult(NbdResult.Success);
            }
        };
    }

    private static async Task AssertAnsweredAsync(WireClient client, int count)
    {
        HashSet<ulong> cookies = [];
        while (cookies.Count < count)
        {
            Reply reply = await client.SimpleReplyAsync(Page);
            Assert.Equal(0u, reply.Error);
            Assert.True(cookies.Add(reply.Cookie));
        }
    }

    private static byte[] Reads(int count) => WireBytes.Join(
        [.. Enumerable.Range(0, count).Select(i => WireBytes.Request(Cmd.Read, (ulong)i * Page, Page, (ulong)i))]);

    private static IEnumerable<string> Steps(int count) =>
        Enumerable.Range(0, count).Select(i => $"read {i * Page}+{Page}");
}
