using RemoteSwap.Server.Tests.Telemetry;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Tests.Direct;

/// <summary>A client that ends its stream, or its line, has ended its call.</summary>
[Collection(nameof(AloneCollection))]
public sealed class DirectEndTests
{
    [Fact]
    public async Task ClientThatResetsOrGoesEndsItsCall()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.WithoutScrubber);
        await using (RawClient gone = await RawClient.CallAsync(server))
        {
            await using RawClient client = await RawClient.CallAsync(server);
            await client.ReadMessageAsync();
            await gone.ReadMessageAsync();
            Assert.Equal(2, await StreamsAsync(2));
            await client.SendAsync(FrameType.ResetStream, FrameFlags.None, 1, RawClient.Number(8));
            Assert.Equal(1, await StreamsAsync(1));
            await client.ReadUntilAsync(frame => frame.Type == FrameType.GoAway);
            Assert.Null(client.ResetCode);
        }

        Assert.Equal(0, await StreamsAsync(0));

        async Task<double> StreamsAsync(double expected)
        {
            double streams = -1;
            for (int i = 0; i < 100 && streams != expected; i++)
            {
                await Task.Delay(20);
                streams = (await Scrape.OfAsync(server)).Sum("remoteswap_exchange_stream_count");
            }

            return streams;
        }
    }
}
