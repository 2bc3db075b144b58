using RemoteSwap.Server.Direct;
using RemoteSwap.V1;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Tests.Direct;

/// <summary>Windows both ways, and clients that do not take what is sent.</summary>
public sealed class DirectFlowTests
{
    private static readonly ExchangeRequest s_ping =
        new() { RequestId = 1, Ping = new PingRequest { ReplyPages = 50, ReplyPageBytes = 1000 } };

    [Fact]
    public async Task WindowOfOneByteIsRespected()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.ConnectAsync(server.Server.GrpcAddress, grants: false);
        await client.WriteAsync(RawClient.Opening((Http2Setting.InitialWindowSize, 1)));
        await client.SendHeadAsync(RawHead.Call());
        await client.SendAsync(s_ping);
        await AssertBytesAsync(client, 1);
        await client.GrantAsync(1);
        await AssertBytesAsync(client, 2);

        // In flight the window grows, shrinks below what is sent, and grows again.
        await SetWindowAsync(client, 11);
        await AssertBytesAsync(client, 12);
        await SetWindowAsync(client, 1);
        await client.GrantAsync(10);
        await AssertBytesAsync(client, 12);
        await client.GrantAsync(3);
        await AssertBytesAsync(client, 15);
        await SetWindowAsync(client, 100_000);
        await client.ReadMessageAsync();
        Assert.Equal(50_000, (await client.ReadMessageAsync()).Ping.Zpages.Length);
    }

    [Fact]
    public async Task WindowOfTheConnectionIsRespected()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.ConnectAsync(server.Server.GrpcAddress, grants: false);
        await client.WriteAsync(RawClient.Opening((Http2Setting.InitialWindowSize, 1 << 22)));
        await client.SendHeadAsync(RawHead.Call());
        await client.SendAsync(s_ping, s_ping);
        await AssertBytesAsync(client, 65_535);
        await client.SendAsync(FrameType.WindowUpdate, FrameFlags.None, 0, RawClient.Number(1));
        await AssertBytesAsync(client, 65_536);
        Assert.DoesNotContain(client.Frames, frame => frame.Payload.Length > Http2Wire.DefaultFrameBytes);
    }

    [Fact]
    public async Task FramesAreAsLargeAsTheClientSays()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.ConnectAsync(server.Server.GrpcAddress);
        await client.WriteAsync(RawClient.Opening(
            (Http2Setting.InitialWindowSize, 1 << 22), (Http2Setting.MaxFrameSize, 20_000)));
        await client.GrantAsync(1 << 20, isOfStream: false);
        await client.SendHeadAsync(RawHead.Call());
        await client.SendAsync(s_ping);
        await client.ReadMessageAsync();
        await client.ReadMessageAsync();
        Assert.Equal(20_000, client.Frames.Max(frame => frame.Payload.Length));
    }

    [Fact]
    public async Task WhatIsNotReadIsNotGrantedAgain()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.ConnectAsync(server.Server.GrpcAddress, grants: false);
        await client.WriteAsync(RawClient.Opening((Http2Setting.InitialWindowSize, 0)));
        await client.SendHeadAsync(RawHead.Call());
        PingRequest large = new() { ReplyPages = 512, ReplyPageBytes = 4096 };
        await client.SendAsync(new ExchangeRequest { RequestId = 1, Ping = large });
        await Task.Delay(300);
        int sent = 0;
        while (sent + 100_000 <= DirectLimits.WindowBytes - 100)
        {
            await client.SendDataAsync(new byte[100_000]);
            sent += 100_000;
        }

        await client.SendAsync(FrameType.Ping, FrameFlags.None, 0, new byte[8]);
        await client.ReadUntilAsync(frame => frame.Type == FrameType.Ping);
        Assert.Single(client.Frames, frame => frame.Type == FrameType.WindowUpdate);
        await client.SendDataAsync(new byte[100_000]);
        await client.ReadUntilAsync(frame => frame.Type == FrameType.GoAway);
        Assert.Equal(Http2Error.FlowControl, client.GoAwayCode);
    }

    // Answers that are not read end the reading: what piles up here is what the system takes, and no more.
    [Fact]
    public async Task ClientThatAsksAndDoesNotListenIsNotReadAnyMore()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.OpenAsync(server);
        byte[] pings = [.. Enumerable.Repeat(
            RawClient.Frame(FrameType.Ping, FrameFlags.None, 0, new byte[8]), 10_000).SelectMany(frame => frame)];
        int written = 0;
        while (written < 1000)
        {
            Task write = client.WriteAsync(pings);
            if (await Task.WhenAny(write, Task.Delay(1000)) != write)
            {
                break;
            }

            written++;
        }

        Assert.InRange(written, 1, 500);
        await server.AssertSoundAsync();
    }

    private static Task SetWindowAsync(RawClient client, uint bytes) => client.SendAsync(
        FrameType.Settings, FrameFlags.None, 0, RawClient.Settings((Http2Setting.InitialWindowSize, bytes)));

    // So many bytes come, and then, though asked, no more.
    private static async Task AssertBytesAsync(RawClient client, long bytes)
    {
        await Task.Delay(50);
        await client.SendAsync(FrameType.Ping, FrameFlags.None, 0, new byte[8]);
        await client.ReadUntilAsync(frame => frame.Type == FrameType.Ping);
        Assert.Equal(bytes, client.BodyBytes);
    }
}
