using RemoteSwap.Server.Direct;
using RemoteSwap.V1;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Tests.Direct;

/// <summary>What HTTP/2 demands of a direct connection, and what becomes of a client that does not heed it.</summary>
public sealed class DirectProtocolTests
{
    private const FrameFlags None = FrameFlags.None;
    private const FrameFlags Whole = FrameFlags.EndHeaders;

    private static readonly byte[] s_head = RawHead.Write(RawHead.Call());

    public static TheoryData<string, Http2Error, byte[]> Faults => new()
    {
        { "DATA before a head", Http2Error.Protocol, RawClient.Frame(FrameType.Data, None, 1, []) },
        { "a head in pieces", Http2Error.Protocol, RawClient.Frame(FrameType.Headers, None, 1, s_head) },
        { "another stream", Http2Error.Protocol, RawClient.Frame(FrameType.Headers, Whole, 3, s_head) },
        { "an even stream", Http2Error.Protocol, RawClient.Frame(FrameType.Headers, Whole, 2, s_head) },
        { "a head of the connection", Http2Error.Protocol, RawClient.Frame(FrameType.Headers, Whole, 0, s_head) },
        { "a head of a table", Http2Error.Compression, RawClient.Frame(FrameType.Headers, Whole, 1, [0xFF, 0x10]) },
        { "a padded head without padding", Http2Error.FrameSize,
            RawClient.Frame(FrameType.Headers, Whole | FrameFlags.Padded, 1, []) },
        { "more padding than head", Http2Error.Protocol,
            RawClient.Frame(FrameType.Headers, Whole | FrameFlags.Padded, 1, [4, 0, 0, 0]) },
        { "a large head", Http2Error.Compression,
            Head(RawHead.Call(), ("x", new string('y', 15_000)), ("z", new string('y', 1_500))) },
        { "a head of many fields", Http2Error.Protocol,
            Head(RawHead.Call(), [.. Enumerable.Repeat(("a", "b"), 100)]) },
        { "a second head", Http2Error.Protocol, Open(RawClient.Frame(FrameType.Headers, Whole, 1, s_head)) },
        { "a second stream", Http2Error.Protocol, Open(RawClient.Frame(FrameType.Headers, Whole, 3, s_head)) },
        { "a head behind the end", Http2Error.StreamClosed,
            Ended(RawClient.Frame(FrameType.Headers, Whole, 1, s_head)) },
        { "DATA behind the end", Http2Error.StreamClosed, Ended(RawClient.Frame(FrameType.Data, None, 1, [1])) },
        { "DATA of another stream", Http2Error.Protocol, Open(RawClient.Frame(FrameType.Data, None, 3, [1])) },
        { "more padding than DATA", Http2Error.Protocol,
            Open(RawClient.Frame(FrameType.Data, FrameFlags.Padded, 1, [5, 1, 2, 3])) },
        { "a large frame", Http2Error.FrameSize,
            Open(RawClient.Frame(FrameType.Data, None, 1, new byte[(128 << 10) + 1])) },
        { "CONTINUATION", Http2Error.Protocol, Open(RawClient.Frame(FrameType.Continuation, Whole, 1, s_head)) },
        { "PUSH_PROMISE", Http2Error.Protocol, Open(RawClient.Frame(FrameType.PushPromise, Whole, 1, s_head)) },
        { "PRIORITY of the connection", Http2Error.Protocol,
            RawClient.Frame(FrameType.Priority, None, 0, new byte[5]) },
        { "a short PRIORITY", Http2Error.FrameSize, RawClient.Frame(FrameType.Priority, None, 1, new byte[4]) },
        { "RST_STREAM too early", Http2Error.Protocol, RawClient.Frame(FrameType.ResetStream, None, 1, new byte[4]) },
        { "a short RST_STREAM", Http2Error.FrameSize,
            Open(RawClient.Frame(FrameType.ResetStream, None, 1, new byte[3])) },
        { "SETTINGS of a stream", Http2Error.Protocol, RawClient.Frame(FrameType.Settings, None, 1, []) },
        { "a broken SETTINGS", Http2Error.FrameSize, RawClient.Frame(FrameType.Settings, None, 0, new byte[7]) },
        { "a SETTINGS answer that says something", Http2Error.FrameSize,
            RawClient.Frame(FrameType.Settings, FrameFlags.EndStream, 0, new byte[6]) },
        { "a wrong ENABLE_PUSH", Http2Error.Protocol, Setting(Http2Setting.EnablePush, 2) },
        { "a small MAX_FRAME_SIZE", Http2Error.Protocol, Setting(Http2Setting.MaxFrameSize, 16_383) },
        { "a large MAX_FRAME_SIZE", Http2Error.Protocol, Setting(Http2Setting.MaxFrameSize, 1 << 24) },
        { "a large window", Http2Error.FlowControl, Setting(Http2Setting.InitialWindowSize, 1U << 31) },
        { "no single stream", Http2Error.Protocol, Setting(Http2Setting.SingleStream, 0) },
        { "PING of a stream", Http2Error.Protocol, RawClient.Frame(FrameType.Ping, None, 1, new byte[8]) },
        { "a short PING", Http2Error.FrameSize, RawClient.Frame(FrameType.Ping, None, 0, new byte[7]) },
        { "GOAWAY of a stream", Http2Error.Protocol, RawClient.Frame(FrameType.GoAway, None, 1, new byte[8]) },
        { "a short GOAWAY", Http2Error.FrameSize, RawClient.Frame(FrameType.GoAway, None, 0, new byte[7]) },
        { "WINDOW_UPDATE of nothing", Http2Error.Protocol, Window(0, 0) },
        { "WINDOW_UPDATE of nothing on the stream", Http2Error.Protocol, Open(Window(1, 0)) },
        { "WINDOW_UPDATE too early", Http2Error.Protocol, Window(1, 1) },
        { "WINDOW_UPDATE of another stream", Http2Error.Protocol, Open(Window(3, 1)) },
        { "a short WINDOW_UPDATE", Http2Error.FrameSize, RawClient.Frame(FrameType.WindowUpdate, None, 0, [1]) },
        { "too wide a window", Http2Error.FlowControl, Window(0, int.MaxValue) },
        { "too wide a window of the stream", Http2Error.FlowControl, Open(Window(1, int.MaxValue)) },
        { "too wide a window by SETTINGS", Http2Error.FlowControl,
            Open([.. Window(1, int.MaxValue - 65_535), .. Setting(Http2Setting.InitialWindowSize, 65_536)]) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task FaultEndsTheConnectionWithItsCode(string what, Http2Error code, byte[] frames)
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.OpenAsync(server);
        await client.WriteAsync(frames);
        await client.ReadUntilAsync(frame => frame.Type == FrameType.GoAway && frame.Code != Http2Error.None);
        Assert.True(client.GoAwayCode == code, $"{what}: {client.GoAwayCode}");
    }

    [Fact]
    public async Task FaultClosesTheLineSoonAndHeadsMayBeAsLargeAsTheSettingSays()
    {
        await using TestServer server = await TestServer.StartAsync("--Transport:MaxHeaderBytes=4KiB");
        await using RawClient client = await RawClient.OpenAsync(server);
        await client.WriteAsync(Head(RawHead.Call(), ("x", new string('y', 4000))));
        await client.ReadUntilAsync(frame => frame.Type == FrameType.GoAway);
        Assert.Equal(Http2Error.Compression, client.GoAwayCode);
        Assert.Null(await client.ReadUntilAsync(_ => false));
    }

    [Fact]
    public async Task HeadsOfMoreThanTheDefaultAreTakenWhereTheSettingSaysSo()
    {
        await using TestServer server = await TestServer.StartAsync("--Transport:MaxHeaderBytes=64KiB");
        await using RawClient client = await RawClient.OpenAsync(server);
        await client.WriteAsync(Head(RawHead.Call(), ("x", new string('y', 30_000))));
        Assert.NotNull(await client.ReadUntilAsync(frame => frame.Type == FrameType.Data));
    }

    public static TheoryData<string, (string, string)[]> Malformed => new()
    {
        { "no method", Without(":method") },
        { "no scheme", Without(":scheme") },
        { "no path", Without(":path") },
        { "a path with a null", [(":path", "/a%00b"), .. Without(":path")] },
        { "two methods", [(":method", "POST"), .. RawHead.Call()] },
        { "two paths", [(":path", "/"), .. RawHead.Call()] },
        { "two schemes", [(":scheme", "http"), .. RawHead.Call()] },
        { "two authorities", [(":authority", "a"), .. RawHead.Call()] },
        { "an unknown one", [(":other", "a"), .. RawHead.Call()] },
        { "one of a response", [(":status", "200"), .. RawHead.Call()] },
        { "one behind the rest", [("x", "y"), .. RawHead.Call()] },
        { "a name in upper case", [.. RawHead.Call(), ("X-Name", "y")] },
        { "a name with a space", [.. RawHead.Call(), ("x y", "y")] },
        { "a line within a value", [.. RawHead.Call(), ("x", "y\nz")] },
        { "a value that is no text", [.. RawHead.Call(), ("x", "\u00FF")] },
        { "connection", [.. RawHead.Call(), ("connection", "close")] },
        { "upgrade", [.. RawHead.Call(), ("upgrade", "h3")] },
        { "te", [.. Without("te"), ("te", "gzip")] },
        { "a wrong scheme", RawHead.Call(scheme: "https") },
        { "a wrong method", [(":method", "P OST"), .. Without(":method")] },
        { "a wrong path", RawHead.Call("no-slash") },
        { "a wrong authority", [(":authority", "a/b"), .. Without(":authority")] },
        { "a wrong length", [.. RawHead.Call(), ("content-length", "-1")] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task MalformedHeadIsReset(string what, (string, string)[] head)
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.OpenAsync(server);
        await client.SendHeadAsync(head);
        await client.ReadUntilAsync(frame => frame.Type == FrameType.GoAway);
        Assert.True(client.ResetCode == Http2Error.Protocol, $"{what}: {client.ResetCode}");
        Assert.Equal(Http2Error.None, client.GoAwayCode);
    }

    [Theory]
    [InlineData("3", 4)]
    [InlineData("9", 8)]
    public async Task BodyIsAsLongAsItsHeadSays(string length, int bytes)
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.OpenAsync(server);
        await client.SendHeadAsync([.. RawHead.Call(), ("content-length", length)]);
        await client.SendDataAsync(new byte[bytes], isLast: true);
        await client.ReadUntilAsync(frame => frame.Type == FrameType.ResetStream);
        Assert.Equal(Http2Error.Protocol, client.ResetCode);
    }

    [Fact]
    public async Task OpeningIsSaidAndAnswered()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.OpenAsync(server);
        await client.SendAsync(FrameType.Ping, None, 0, [1, 2, 3, 4, 5, 6, 7, 8]);
        RawFrame? answer = await client.ReadUntilAsync(frame => frame.Type == FrameType.Ping);

        Assert.True(answer!.IsAnswer);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], answer.Payload);
        Assert.Equal(
            RawClient.Settings(
                (Http2Setting.HeaderTableSize, 0),
                (Http2Setting.MaxConcurrentStreams, 1),
                (Http2Setting.InitialWindowSize, DirectLimits.WindowBytes),
                (Http2Setting.MaxFrameSize, DirectLimits.MaxFrameBytes)),
            client.Frames[0].Payload);
        Assert.Equal(FrameType.WindowUpdate, client.Frames[1].Type);
        Assert.Equal((FrameType.Settings, true), (client.Frames[2].Type, client.Frames[2].IsAnswer));
    }

    [Fact]
    public async Task FramesThatMeanNothingArePassedOver()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.CallAsync(server);
        await client.SendAsync(FrameType.Priority, None, 7, new byte[5]);
        await client.SendAsync((FrameType)200, (FrameFlags)0xFF, 12, new byte[500]);
        await client.SendAsync(FrameType.Settings, FrameFlags.EndStream, 0, []);
        await client.SendAsync(FrameType.Ping, FrameFlags.EndStream, 0, new byte[8]);
        await client.SendAsync(new ExchangeRequest { RequestId = 1, Ping = new PingRequest() });
        await client.ReadMessageAsync();
        Assert.Equal(1UL, (await client.ReadMessageAsync()).RequestId);
    }

    private static byte[] Open(byte[] frames) =>
        [.. RawClient.Frame(FrameType.Headers, Whole, 1, s_head), .. frames];

    private static byte[] Ended(byte[] frames) =>
        [.. RawClient.Frame(FrameType.Headers, Whole | FrameFlags.EndStream, 1, s_head), .. frames];

    private static byte[] Head((string, string)[] head, params (string, string)[] more) =>
        RawClient.Frame(FrameType.Headers, Whole, 1, RawHead.Write([.. head, .. more]));

    private static byte[] Setting(Http2Setting setting, uint value) =>
        RawClient.Frame(FrameType.Settings, None, 0, RawClient.Settings((setting, value)));

    private static byte[] Window(int stream, int bytes) =>
        RawClient.Frame(FrameType.WindowUpdate, None, stream, RawClient.Number((uint)bytes));

    private static (string, string)[] Without(string name) =>
        [.. RawHead.Call().Where(field => field.Name != name)];
}
