using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.V1;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Tests.Direct;

/// <summary>A stream on a connection of its own does what one through the web server's HTTP/2 does.</summary>
public sealed class DirectExchangeTests
{
    private static readonly ulong[] s_slots = Batch.Slots(64);
    private static readonly byte[][] s_pages = [.. s_slots.Select(slot => PageKinds.Any((int)slot))];

    private static ExchangeRequest[] Requests =>
    [
        new() { RequestId = 1, Store = Batch.Store(s_slots, s_pages) },
        new() { RequestId = 2, Load = Batch.Load(s_slots) },
        new() { RequestId = 3, Ping = new PingRequest { ReplyPages = 3, ReplyPageBytes = 100 } },
        new() { RequestId = 4, Invalidate = Batch.Invalidate(s_slots) },
        new() { RequestId = 5, Load = Batch.Load(s_slots) },
        new() { RequestId = 6 },
    ];

    [Fact]
    public async Task RepliesAreThoseOfTheOrdinaryWay()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.CallAsync(server);
        await client.SendAsync(Requests);
        await client.SendDataAsync([], isLast: true);
        await client.ReadToEndAsync();
        List<ExchangeResponse> direct = client.TakeMessages();

        await using TestServer other = await TestServer.StartAsync();
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> call = other.Pages.Exchange();
        foreach (ExchangeRequest request in Requests)
        {
            await call.RequestStream.WriteAsync(request);
        }

        await call.RequestStream.CompleteAsync();
        List<ExchangeResponse> ordinary = [];
        while (await call.ResponseStream.MoveNext())
        {
            ordinary.Add(call.ResponseStream.Current);
        }

        Assert.Equal("0", client.Status);
        Assert.Equal("0", client.Trailers?["grpc-status"]);
        Assert.Equal("200", client.Head?[":status"]);
        Assert.Equal("application/grpc", client.Head?["content-type"]);
        Assert.Equal(7, direct.Count);
        Assert.Equal(ordinary.Skip(1).Select(Plain), direct.Skip(1).Select(Plain));
        LoadedPages.AssertAre(direct[2].Load, s_slots, s_pages);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task HeadsAreThoseOfTheOrdinaryWay()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient direct = await RawClient.CallAsync(server);
        await using RawClient ordinary = await RawClient.ConnectAsync(server.Server.GrpcAddress);
        await ordinary.WriteAsync(
            [.. Http2Wire.Preface, .. RawClient.Frame(FrameType.Settings, FrameFlags.None, 0, [])]);
        await ordinary.SendHeadAsync(RawHead.Call());
        await direct.ReadMessageAsync();
        await ordinary.ReadMessageAsync();

        Assert.Equal(Names(ordinary), Names(direct));
        static IEnumerable<string> Names(RawClient client) =>
            client.Head!.Fields.Select(field => field.Name).Order(StringComparer.Ordinal);
    }

    // Larger than the window, which opens as it is looked at.
    [Fact]
    public async Task MessagesAndRepliesMayBeLargerThanTheWindows()
    {
        await using TestServer server = await TestServer.StartAsync();
        ulong[] slots = Batch.Slots(512);
        byte[][] pages = [.. slots.Select(slot => PageKinds.Noise((int)slot))];
        await using RawClient client = await RawClient.CallAsync(server);
        Task written = WriteAsync();
        for (ulong id = 0; id <= 6; id++)
        {
            ExchangeResponse reply = await client.ReadMessageAsync();
            Assert.Equal(id, reply.RequestId);
            if (reply.Load is { } load)
            {
                LoadedPages.AssertAre(load, slots, pages);
            }
        }

        await written;
        await server.AssertSoundAsync();

        async Task WriteAsync()
        {
            for (ulong round = 0; round < 3; round++)
            {
                ExchangeRequest store = new()
                {
                    RequestId = (2 * round) + 1,
                    Store = Batch.Store(slots, pages, generation: round + 1),
                };
                byte[] message = RawCall.Framed(store.ToByteArray());
                for (int at = 0; at < message.Length; at += 50_000)
                {
                    await client.SendWithinWindowsAsync(message[at..Math.Min(message.Length, at + 50_000)]);
                }

                ExchangeRequest load = new() { RequestId = (2 * round) + 2, Load = Batch.Load(slots) };
                await client.SendWithinWindowsAsync(RawCall.Framed(load.ToByteArray()));
            }
        }
    }

    // The frames of a client's bytes may lie in any pieces.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task PiecesMakeNoDifference(int piece)
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.ConnectAsync(server.Server.GrpcAddress);
        byte[] data = RawCall.Framed(Requests[2].ToByteArray());
        byte[] all =
        [
            .. RawClient.Opening(),
            .. RawClient.Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, RawHead.Write(RawHead.Call())),
            .. RawClient.Frame((FrameType)0x77, FrameFlags.EndStream, 99, [1, 2, 3]),
            .. RawClient.Frame(
                FrameType.Data, FrameFlags.EndStream | FrameFlags.Padded, 1, [9, .. data, .. new byte[9]]),
        ];
        for (int at = 0; at < all.Length; at += piece)
        {
            await client.WriteAsync(all[at..Math.Min(all.Length, at + piece)]);
        }

        await client.ReadToEndAsync();
        Assert.Equal("0", client.Status);
        Assert.Equal(2, client.TakeMessages().Count);
    }

    [Fact]
    public async Task ConnectionEndsWithItsStream()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.CallAsync(server);
        await client.SendDataAsync([], isLast: true);
        RawFrame? last = await client.ReadUntilAsync(frame => frame.Type == FrameType.GoAway);

        Assert.True(client.IsEnded);
        Assert.Equal("0", client.Status);
        Assert.Null(client.ResetCode);
        Assert.Equal((1, Http2Error.None), (last!.Number, last.Code));
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task ServerSaysWhyBeforeTheClientIsDone()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.CallAsync(server);
        await client.SendDataAsync(RawCall.Framed([8, 1], compressed: 1));
        await client.ReadUntilAsync(frame => frame.Type == FrameType.GoAway);

        Assert.Equal($"{(int)StatusCode.Unimplemented}", client.Status);
        Assert.Equal(Http2Error.None, client.ResetCode);
    }

    [Fact]
    public async Task PathThatIsNotThereIsUnimplemented()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.CallAsync(server, "/remoteswap.v1.PageStoreService/Nothing");
        await client.SendDataAsync(RawCall.Framed([]), isLast: true);
        await client.ReadToEndAsync();
        Assert.Equal($"{(int)StatusCode.Unimplemented}", client.Status);
        Assert.Null(client.Trailers);
    }

    [Fact]
    public async Task UnaryCallsWorkToo()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.CallAsync(server, "/remoteswap.v1.PageStoreService/Store");
        await client.SendDataAsync(
            RawCall.Framed(Batch.Store(1, PageKinds.Text(1)).ToByteArray()), isLast: true);
        await client.ReadToEndAsync();
        Assert.Equal("0", client.Status);
        await server.AssertHoldsAsync([1], [PageKinds.Text(1)]);
    }

    [Fact]
    public async Task StreamWhoseTimeIsUpIsToldSo()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.OpenAsync(server);
        await client.SendHeadAsync([.. RawHead.Call(), ("grpc-timeout", "300m")]);
        await client.SendAsync(Requests[2]);
        await client.ReadToEndAsync();
        Assert.Equal($"{(int)StatusCode.DeadlineExceeded}", client.Status);
        Assert.Equal(2, client.TakeMessages().Count);
        Assert.NotNull(await client.ReadUntilAsync(frame => frame.Type == FrameType.GoAway));
    }

    private static string Plain(ExchangeResponse response) => response.ToString();
}
