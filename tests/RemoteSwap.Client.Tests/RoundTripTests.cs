using CsCheck;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.Codec;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>What was stored is what is loaded.</summary>
public abstract class RoundTripTests(int streams)
{
    // Pages of one byte value in places, of noise, and of runs: all three encodings come up.
    private static readonly Gen<byte[]> GenPage = Gen.OneOf(
        Gen.Byte.Array[4096],
        Gen.Byte.Select(b => Enumerable.Repeat(b, 4096).ToArray()),
        Gen.Select(Gen.Byte.Array[1, 64], Gen.Int[0, 4095], Gen.Byte, (pattern, place, other) =>
        {
            byte[] page = Enumerable.Range(0, 4096).Select(i => pattern[i % pattern.Length]).ToArray();
            page[place] = other;
            return page;
        }),
        Gen.Int[0, 1000].Select(Pages.Any));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ZpagesComeBackAsTheyAreAndTheServerIsToldWhoVouches(bool isVouched)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(3);
        byte[][] pages = [Pages.Text(1), Pages.Noise(2), Pages.Filled(3)];
        ZpageBatch stored = new(3) { Count = 3, AreBlocksVouched = isVouched };
        byte[] zpages = new byte[3 * 4096];
        int bytes = 0;
        for (int i = 0; i < 3; i++)
        {
            stored.Slots[i] = (ulong)i;
            stored.Sizes[i] = PageCodec.Default.Encode(pages[i], zpages.AsSpan(bytes), out stored.Encodings[i]);
            stored.PageCrcs[i] = PageChecksum.OfZpage(pages[i]);
            bytes += stored.Sizes[i];
        }

        stored.Zpages = zpages.AsMemory(0, bytes);
        await area.StoreZpagesAsync(stored);

        Assert.Equal(isVouched, Assert.Single(server.Store.RequestsOf<StoreRequest>()).BlocksVouched);
        ZpageBatch loaded = new(3) { Count = 3, Zpages = new byte[3 * 4096] };
        stored.Slots.CopyTo(loaded.Slots);
        await area.LoadZpagesAsync(loaded);
        Assert.Equal(stored.Sizes, loaded.Sizes);
        Assert.Equal(stored.PageCrcs, loaded.PageCrcs);
        Assert.Equal(stored.Zpages.Span, loaded.Zpages.Span[..bytes]);
        byte[] raw = new byte[3 * 4096];
        Assert.All(
            await area.LoadAsync(Pages.Slots(3, first: 0), raw), outcome => Assert.Equal(LoadOutcome.Loaded, outcome));
        Assert.Equal(pages.SelectMany(page => page), raw);

        // What it encodes itself the library vouches for.
        await area.StoreAsync(9, Pages.Text(9));
        await area.StoreAsync(Pages.Slots(3), raw);
        Assert.All(server.Store.RequestsOf<StoreRequest>()[1..], request => Assert.True(request.BlocksVouched));
    }

    [Fact]
    public async Task OnePageOfEachKindComesBackWithItsOutcome()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(3);
        byte[] loaded = new byte[4096];

        Assert.Equal(StoreOutcome.Stored, await area.StoreAsync(0, Pages.Text(1)));
        Assert.Equal(StoreOutcome.Stored, await area.StoreAsync(1, Pages.Noise(1)));
        Assert.Equal(StoreOutcome.SameFilled, await area.StoreAsync(ulong.MaxValue, Pages.Filled(7)));

        Assert.Equal(LoadOutcome.Loaded, await area.LoadAsync(0, loaded));
        Assert.Equal(Pages.Text(1), loaded);
        Assert.Equal(LoadOutcome.Loaded, await area.LoadAsync(1, loaded));
        Assert.Equal(Pages.Noise(1), loaded);
        Assert.Equal(LoadOutcome.Loaded, await area.LoadAsync(ulong.MaxValue, loaded));
        Assert.Equal(Pages.Filled(7), loaded);
        Assert.Equal(V1.Encoding.Lz4, server.Store.Find(3, 0)!.Encoding);
        Assert.Equal(V1.Encoding.Raw, server.Store.Find(3, 1)!.Encoding);
        Assert.Equal(V1.Encoding.Fill, server.Store.Find(3, ulong.MaxValue)!.Encoding);
    }

    [Fact]
    public async Task SlotWithoutAPageIsNotFoundAndItsRoomIsCleared()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        byte[] loaded = Pages.Noise(9);

        Assert.Equal(LoadOutcome.NotFound, await connection.Area(0).LoadAsync(5, loaded));
        Assert.Equal(new byte[4096], loaded);
    }

    [Fact]
    public async Task AreasAndSlotsDoNotMix()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        await connection.Area(0).StoreAsync(8, Pages.Text(1));
        await connection.Area(1).StoreAsync(8, Pages.Text(2));
        byte[] loaded = new byte[4096];

        await connection.Area(0).LoadAsync(8, loaded);
        Assert.Equal(Pages.Text(1), loaded);
        await connection.Area(1).LoadAsync(8, loaded);
        Assert.Equal(Pages.Text(2), loaded);
        Assert.Same(connection.Area(1), connection.Area(1));
    }

    [Fact]
    public async Task OverAUnixSocketToo()
    {
        string path = Path.Combine(Path.GetTempPath(), $"remoteswap-{Guid.NewGuid():N}.sock");
        await using FakeServer server = await FakeServer.StartAsync(path);
        await using RemoteSwapConnection connection = server.Connect(streams);
        byte[] loaded = new byte[4096];

        await connection.Area(0).StoreAsync(8, Pages.Text(1));
        Assert.Equal(LoadOutcome.Loaded, await connection.Area(0).LoadAsync(8, loaded));
        Assert.Equal(Pages.Text(1), loaded);
        Assert.Equal(server.Address, connection.Address);
    }

    [Fact]
    public async Task RandomPagesInRandomSlotsComeBackAsLastStored()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        Gen<(ulong Slot, byte[] Page)[]> stores = Gen.Select(Gen.ULong[0, 30], GenPage).Array[1, 40];
        int run = 0;

        await stores.SampleAsync(
            async batch =>
            {
                SwapArea area = connection.Area((uint)Interlocked.Increment(ref run));
                Dictionary<ulong, byte[]> model = [];
                foreach ((ulong slot, byte[] page) in batch)
                {
                    model[slot] = page;
                }

                await area.StoreAsync(
                    batch.Select(s => s.Slot).ToArray(),
                    batch.SelectMany(s => s.Page).ToArray());
                ulong[] slots = Pages.Slots(31);
                byte[] loaded = Pages.Noise(1).Concat(new byte[30 * 4096]).ToArray();
                LoadOutcome[] outcomes = await area.LoadAsync(slots, loaded);
                foreach (ulong slot in slots)
                {
                    bool isStored = model.TryGetValue(slot, out byte[]? page);
                    Assert.Equal(isStored ? LoadOutcome.Loaded : LoadOutcome.NotFound, outcomes[slot]);
                    Assert.Equal(page ?? new byte[4096], Pages.Nth(loaded, (int)slot));
                }
            },
            iter: 200);
    }
}
