using Grpc.Core;
using Grpc.Net.Client;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Exchange;

/// <summary>A stream whose client does not read stands still, alone; a server that stops ends its streams.</summary>
public sealed class FlowTests
{
    private static readonly ulong[] s_slots = Batch.Slots(512);
    private static readonly byte[][] s_pages = [.. s_slots.Select(slot => PageKinds.Noise((int)slot))];

    [Fact]
    public async Task ClientThatDoesNotReadHoldsNobodyUp()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Pages.StoreAsync(Batch.Store(s_slots, s_pages));
        using GrpcChannel channel = server.OpenChannel();
        PageStoreService.PageStoreServiceClient greedy = new(channel);
        List<AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse>> streams = [];
        List<Task> writes = [];
        for (int stream = 0; stream < 30; stream++)
        {
            streams.Add(greedy.Exchange());
        }

        writes.AddRange(streams.Select(WriteLoadsAsync));

        for (int round = 0; round < 20; round++)
        {
            await server.AssertHoldsAsync(s_slots, s_pages);
        }

        // They share what one connection may hold; when all but one give up, that one gets what it asked for.
        AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> last = streams[^1];
        streams[..^1].ForEach(call => call.Dispose());
        for (ulong id = 0; id <= 20; id++)
        {
            Assert.True(await last.ResponseStream.MoveNext());
            Assert.Equal(id, last.ResponseStream.Current.RequestId);
        }

        last.Dispose();
        await Task.WhenAll(writes);
        await server.AssertSoundAsync();
    }

    [Fact]
    public async Task StreamsEndWhenTheServerStops()
    {
        TestServer server = await TestServer.StartAsync();
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> call = server.Pages.Exchange();
        await call.RequestStream.WriteAsync(new ExchangeRequest { RequestId = 1, Store = Batch.Store(1, s_pages[0]) });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.True(await call.ResponseStream.MoveNext());
        Task stopped = server.Server.DisposeAsync().AsTask();

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        // The stream ends before its connection does; a reader that wakes up after both is told of the connection only,
        // which closes without an error. The library takes either as "unavailable".
        bool isClosed = failure.StatusCode == StatusCode.Internal
            && failure.Status.DebugException is HttpProtocolException { ErrorCode: 0 };
        Assert.True(failure.StatusCode == StatusCode.Unavailable || isClosed, failure.ToString());
        await stopped;
        await server.DisposeAsync();
    }

    private static async Task WriteLoadsAsync(AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> call)
    {
        try
        {
            for (ulong id = 1; id <= 200; id++)
            {
                await call.RequestStream.WriteAsync(
                    new ExchangeRequest { RequestId = id, Load = Batch.Load(s_slots) });
            }
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException
            or InvalidOperationException)
        {
            // The test ended the call.
        }
    }
}
