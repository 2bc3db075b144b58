using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>Forgetting pages, reclaiming frames, pings.</summary>
public abstract class InvalidateTests(int streams)
{
    [Fact]
    public async Task SlotsAreEmptyAfterwards()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        await area.StoreAsync(Pages.Slots(5), Pages.Many(5));

        Assert.Equal(InvalidateOutcome.Invalidated, await area.InvalidateAsync(4));
        Assert.Equal(InvalidateOutcome.NotFound, await area.InvalidateAsync(4));
        Assert.Equal(
            [InvalidateOutcome.NotFound, InvalidateOutcome.Invalidated],
            await area.InvalidateAsync(new ulong[] { 4, 0 }));
        Assert.Equal(2UL, await area.InvalidateRangeAsync(2, ulong.MaxValue - 2));
        Assert.Equal(LoadOutcome.Loaded, await area.LoadAsync(1, new byte[4096]));
        Assert.Equal(1UL, await area.InvalidateAllAsync());
        Assert.Equal(LoadOutcome.NotFound, await area.LoadAsync(1, new byte[4096]));
    }

    [Fact]
    public async Task OtherAreasKeepTheirPages()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        await connection.Area(1).StoreAsync(5, Pages.Any(1));
        await connection.Area(2).StoreAsync(5, Pages.Any(1));

        await connection.Area(1).InvalidateAllAsync();
        await connection.Area(1).InvalidateRangeAsync(0, 100);

        Assert.Equal(LoadOutcome.Loaded, await connection.Area(2).LoadAsync(5, new byte[4096]));
    }

    [Fact]
    public async Task ReclaimSaysWhatItDid()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);

        ReclaimResult result = await connection.ReclaimAsync(40, retries: 3);

        Assert.Equal(new ReclaimResult(ReclaimOutcome.TryAgain, 39, 5, "because"), result);
        ReclaimRequest request = Assert.Single(server.Store.RequestsOf<ReclaimRequest>());
        Assert.Equal("vm7", request.Tenant);
        Assert.Equal(40U, request.TargetFrames);
        Assert.Equal(3U, request.Retries);
        Assert.Equal("vm7", connection.Tenant);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(512, 4096, 0, 0)]
    [InlineData(0, 0, 512, 4096)]
    [InlineData(32, 1500, 16, 9)]
    public async Task PingHasTheShapeOfAStoreOrLoad(int storePages, int storeBytes, int loadPages, int loadBytes)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);

        await connection.PingAsync(new PingShape(storePages, storeBytes, loadPages, loadBytes));

        PingRequest request = Assert.Single(server.Store.RequestsOf<PingRequest>());
        Assert.Equal(storePages > 0 ? storePages : loadPages, request.Slots.Count);
        Assert.Equal(storePages, request.Generations.Count);
        Assert.Equal(storePages, request.Sizes.Count);
        Assert.Equal(storePages, request.Encodings.Count);
        Assert.Equal(storePages, request.ZpageChecksums.Count);
        Assert.Equal(storePages, request.PageChecksums.Count);
        Assert.Equal(storePages * storeBytes, request.Zpages.Length);
        Assert.Equal((uint)loadPages, request.ReplyPages);
        Assert.Equal((uint)loadBytes, request.ReplyPageBytes);
    }

    [Fact]
    public async Task PingCostsTheBytesOfAStore()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        byte[] pages = Enumerable.Range(0, 512).SelectMany(Pages.Noise).ToArray();

        await connection.Area(0).StoreAsync(Pages.Slots(512), pages);
        await connection.PingAsync(new PingShape(512, 4096, 0, 0));

        int store = Assert.Single(server.Store.RequestsOf<StoreRequest>()).CalculateSize();
        int ping = Assert.Single(server.Store.RequestsOf<PingRequest>()).CalculateSize();
        Assert.InRange(ping, store - 64, store + 64);
    }
}
