using Google.Protobuf;
using Grpc.Core;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>
/// Replies of a stream that are not what was asked for: every call ends, with the right bytes or none.
/// </summary>
public sealed class StreamReplyTests
{
    [Fact]
    public async Task RepliesMayComeInAnyOrder()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(20), Pages.Many(20));
        FakeStream stream = await ReopenByHandAsync(server, connection);
        byte[][] rooms = [.. Enumerable.Range(0, 10).Select(_ => new byte[2 * 4096])];

        Task[] loads =
            [.. rooms.Select((room, i) => area.LoadAsync(Pages.Slots(2, first: (ulong)i * 2), room).AsTask())];
        List<ExchangeRequest> requests = [];
        for (int i = 0; i < loads.Length; i++)
        {
            requests.Add(await stream.ReadAsync());
        }

        requests.Reverse();
        foreach (ExchangeRequest request in requests)
        {
            await stream.AnswerAsync(request);
        }

        await Task.WhenAll(loads);
        Assert.Equal(Pages.Many(20), rooms.SelectMany(room => room));
    }

    [Fact]
    public async Task ReplyWithTheNumberOfAnotherRequestHandsOutNoWrongByte()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(2), Pages.Many(2));
        FakeStream stream = await ReopenByHandAsync(server, connection);
        byte[] first = new byte[4096];
        byte[] second = new byte[4096];

        Task<LoadOutcome> one = area.LoadAsync(0, first).AsTask();
        Task<LoadOutcome> two = area.LoadAsync(1, second).AsTask();
        ExchangeResponse a = await stream.CarryOutAsync(await stream.ReadAsync());
        ExchangeResponse b = await stream.CarryOutAsync(await stream.ReadAsync());
        (a.RequestId, b.RequestId) = (b.RequestId, a.RequestId);
        await stream.WriteAsync(a);
        await stream.WriteAsync(b);

        Assert.Equal(LoadOutcome.Corrupt, await one);
        Assert.Equal(LoadOutcome.Corrupt, await two);
        Assert.Equal(new byte[4096], first);
        Assert.Equal(new byte[4096], second);
    }

    [Fact]
    public async Task UnknownAndRepeatedNumbersAreDropped()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        SwapArea area = connection.Area(1);
        FakeStream stream = await ReopenByHandAsync(server, connection);
        byte[] room = new byte[4096];

        Task<StoreOutcome> store = area.StoreAsync(7, Pages.Text(1)).AsTask();
        ExchangeResponse stored = await stream.CarryOutAsync(await stream.ReadAsync());
        await stream.WriteAsync(new ExchangeResponse { RequestId = ulong.MaxValue, Store = stored.Store });
        await stream.WriteAsync(new ExchangeResponse { Welcome = server.Store.Exchanges.Welcome });
        await stream.WriteAsync(new ExchangeResponse());
        await stream.WriteAsync(stored);
        await stream.WriteAsync(stored);
        Assert.Equal(StoreOutcome.Stored, await store);

        // The objects of the first call are used again by this one; a repeated reply must not end it.
        Task<LoadOutcome> load = area.LoadAsync(7, room).AsTask();
        ExchangeRequest asked = await stream.ReadAsync();
        await stream.WriteAsync(stored);
        await stream.AnswerAsync(asked);
        Assert.Equal(LoadOutcome.Loaded, await load);
        Assert.Equal(Pages.Text(1), room);
    }

    [Fact]
    public async Task ReplyOfAnotherKindFailsItsCallOnly()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        SwapArea area = connection.Area(1);
        FakeStream stream = await ReopenByHandAsync(server, connection);
        Action<ExchangeResponse>[] lies =
        [
            r => r.Load = new LoadResponse(),
            r => r.Invalidate = new InvalidateResponse { Outcomes = { V1.InvalidateOutcome.Invalidated } },
            r => r.Ping = new PingResponse(),
            r => r.Welcome = new ExchangeWelcome { MaxRequests = 1 },
            _ => { },
        ];

        foreach (Action<ExchangeResponse> lie in lies)
        {
            Task<StoreOutcome> store = area.StoreAsync(7, Pages.Text(1)).AsTask();
            ExchangeResponse reply = new() { RequestId = (await stream.ReadAsync()).RequestId };
            lie(reply);
            await stream.WriteAsync(reply);

            RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(() => store);
            Assert.Equal(RemoteSwapError.Protocol, failure.Error);
        }

        Task ping = connection.PingAsync(default).AsTask();
        await stream.AnswerAsync(await stream.ReadAsync());
        await ping;
    }

    [Theory]
    [InlineData((int)StatusCode.NotFound, RemoteSwapError.NotFound)]
    [InlineData((int)StatusCode.InvalidArgument, RemoteSwapError.InvalidRequest)]
    [InlineData((int)StatusCode.Unavailable, RemoteSwapError.Unavailable)]
    [InlineData((int)StatusCode.Cancelled, RemoteSwapError.Cancelled)]
    [InlineData(0, RemoteSwapError.Server)]
    [InlineData(-1, RemoteSwapError.Server)]
    [InlineData(99, RemoteSwapError.Server)]
    public async Task FailureOfARequestFailsItsCallsAndIsNotRepeated(int code, RemoteSwapError error)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        SwapArea area = connection.Area(1);
        FakeStream stream = await ReopenByHandAsync(server, connection);

        Task<StoreOutcome> store = area.StoreAsync(7, Pages.Text(1)).AsTask();
        Task<InvalidateOutcome> next = area.InvalidateAsync(7).AsTask();
        ExchangeFailure failure = new() { Code = code, Message = "because of 7" };
        await stream.WriteAsync(new ExchangeResponse
        {
            RequestId = (await stream.ReadAsync()).RequestId,
            Failure = failure,
        });
        await stream.AnswerAsync(await stream.ReadAsync());

        RemoteSwapException thrown = await Assert.ThrowsAsync<RemoteSwapException>(() => store);
        Assert.Equal(error, thrown.Error);
        Assert.Contains("because of 7", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(InvalidateOutcome.NotFound, await next);
        Task ping = connection.PingAsync(default).AsTask();
        Assert.NotNull((await stream.ReadAsync()).Ping);
        _ = ping;
    }

    [Fact]
    public async Task RepliesToRequestsThatWereNotSentYetAreNotBelieved()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        server.Store.Exchanges.Welcome = new ExchangeWelcome { MaxRequests = 1, MaxBytes = 1 << 20 };
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        SwapArea area = connection.Area(1);
        FakeStream stream = await ReopenByHandAsync(server, connection);

        // The window holds the second one back, whose number is easy to guess.
        Task<StoreOutcome[]> first = area.StoreAsync(Pages.Slots(3), Pages.Many(3)).AsTask();
        Task<StoreOutcome[]> second = area.StoreAsync(Pages.Slots(3), Pages.Many(3, seed: 9)).AsTask();
        ExchangeRequest request = await stream.ReadAsync();
        ExchangeResponse reply = await stream.CarryOutAsync(request);
        await stream.WriteAsync(new ExchangeResponse { RequestId = request.RequestId + 1, Store = reply.Store });
        await stream.WriteAsync(reply);

        Assert.DoesNotContain(StoreOutcome.Stale, await first);
        Assert.False(second.IsCompleted);
        await stream.AnswerAsync(await stream.ReadAsync());
        Assert.DoesNotContain(StoreOutcome.Stale, await second);
    }

    [Fact]
    public async Task MessageThatIsNoneEndsTheStreamAndTheNextCallOpensAnother()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        server.Raw.InEnvelope = false;
        server.Raw.Message = [0x0A, 0x7F, 0x01];
        SwapArea area = connection.Area(1);
        Task<RemoteSwapException>[] calls =
        [
            .. Enumerable.Range(0, 5).Select(i => Assert.ThrowsAsync<RemoteSwapException>(
                async () => await area.StoreAsync((ulong)i, Pages.Any(i)))),
        ];

        Assert.All(await Task.WhenAll(calls), failure => Assert.Equal(RemoteSwapError.Protocol, failure.Error));
        server.Raw.Message = null;
        Assert.Equal(StoreOutcome.Stored, await area.StoreAsync(1, Pages.Text(1)));
    }

    [Fact]
    public async Task FieldsOfANewerVersionArePassedOver()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams: 1);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(6), Pages.Many(6));
        FakeStream stream = await ReopenByHandAsync(server, connection);
        byte[] room = new byte[6 * 4096];

        Task<LoadOutcome[]> load = area.LoadAsync(Pages.Slots(6), room).AsTask();
        ExchangeResponse reply = await stream.CarryOutAsync(await stream.ReadAsync());
        await stream.WriteAsync(ExchangeResponse.Parser.ParseFrom([.. reply.ToByteArray(), 0xFA, 0x07, 0x03, 1, 2, 3]));

        Assert.All(await load, outcome => Assert.Equal(LoadOutcome.Loaded, outcome));
        Assert.Equal(Pages.Many(6), room);
    }

    /// <summary>Lets the connection open a stream that the test drives.</summary>
    internal static async Task<FakeStream> ReopenByHandAsync(FakeServer server, RemoteSwapConnection connection)
    {
        server.Store.Exchanges.ByHand();
        if (server.Store.Exchanges.Streams > 0)
        {
            // The stream that serves by itself ends with the next request, which is repeated on the other one.
            server.Store.Exchanges.Arrived = (_, _) =>
                throw new RpcException(new Status(StatusCode.Unavailable, "make room"));
        }

        Task ping = connection.PingAsync(default).AsTask();
        FakeStream stream = await server.Store.Exchanges.TakeAsync();
        await stream.WelcomeAsync();
        await stream.AnswerAsync(await stream.ReadAsync());
        await ping;
        return stream;
    }
}
