using System.Collections.Concurrent;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

/// <summary>Work of several requests that a device ends one after another on one thread.</summary>
public sealed class ReplyBurstTests
{
    private const int Requests = 8;

    [Fact]
    public async Task Replies_of_a_burst_wait_for_its_end_and_then_all_come()
    {
        await using TestServer server = new();
        ConcurrentDictionary<long, TaskCompletionSource<NbdResult>> held = [];
        server.Device.Before = (_, offset) =>
            new ValueTask<NbdResult>(held.GetOrAdd(offset, static _ => new TaskCompletionSource<NbdResult>()).Task);
        await using WireClient client = await server.GoAsync();
        for (uint i = 0; i < Requests; i++)
        {
            await client.SendAsync(Cmd.Read, i * 4096, 4096, cookie: i);
        }

        await TestServer.EventuallyAsync(() => held.Count == Requests, "all run");
        Task<Reply> first = client.SimpleReplyAsync(4096);
        bool isHeldBack = End(held, first);

        Assert.True(isHeldBack, "a reply was sent before the burst had ended");
        HashSet<ulong> cookies = [(await first).Cookie];
        while (cookies.Count < Requests)
        {
            Assert.True(cookies.Add((await client.SimpleReplyAsync(4096)).Cookie));
        }
    }

    [Fact]
    public async Task Outside_of_a_burst_a_reply_waits_for_nothing()
    {
        await using TestServer server = new();
        ReplyBurst.Begin();
        ReplyBurst.Begin();
        ReplyBurst.End();
        ReplyBurst.End();

        await server.AssertHealthyAsync();
    }

    // On one thread from its beginning to its end: what is awaited goes on where it was ended.
    private static bool End(
        ConcurrentDictionary<long, TaskCompletionSource<NbdResult>> held, Task<Reply> first)
    {
        ReplyBurst.Begin();
        try
        {
            foreach (TaskCompletionSource<NbdResult> request in held.Values)
            {
                request.SetResult(NbdResult.Success);
            }

            return !first.Wait(TimeSpan.FromMilliseconds(20));
        }
        finally
        {
            ReplyBurst.End();
        }
    }
}
