using CsCheck;
using Google.Protobuf;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>
/// Replies of random content: an outcome or a failure with a name, never a crash and never wrong bytes.
/// </summary>
public abstract class RandomReplyTests(int streams)
{
    private const int PageCount = 6;
    private static readonly ulong[] Slots = Pages.Slots(PageCount);
    private static readonly byte[] Stored = Pages.Many(PageCount, seed: 60);

    [Fact]
    public async Task RandomColumnsAreSurvived()
    {
        Gen<uint[]> column = Gen.OneOf(
            Gen.UInt.Array[PageCount],
            Gen.UInt.Array[0, PageCount + 2],
            Gen.UInt[0, 9].Array[PageCount]);
        Gen<ulong[]> longColumn = Gen.OneOf(Gen.ULong.Array[PageCount], Gen.ULong.Array[0, PageCount + 2]);
        Gen<int[]> enumColumn = Gen.OneOf(Gen.Int[0, 4].Array[PageCount], Gen.Int.Array[0, PageCount + 2]);
        Gen<Action<LoadResponse>> change = Gen.OneOf<Action<LoadResponse>>(
            enumColumn.Select<int[], Action<LoadResponse>>(c => r => Set(r.Outcomes, c.Select(o => (V1.LoadOutcome)o))),
            longColumn.Select<ulong[], Action<LoadResponse>>(c => r => Set(r.Generations, c)),
            column.Select<uint[], Action<LoadResponse>>(c => r => Set(r.Sizes, c)),
            enumColumn.Select<int[], Action<LoadResponse>>(c => r => Set(r.Encodings, c.Select(e => (V1.Encoding)e))),
            column.Select<uint[], Action<LoadResponse>>(c => r => Set(r.ZpageChecksums, c)),
            column.Select<uint[], Action<LoadResponse>>(c => r => Set(r.PageChecksums, c)),
            Gen.Byte.Array[0, 5000].Select<byte[], Action<LoadResponse>>(b => r => r.Zpages = ByteString.CopyFrom(b)));

        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(0);
        await area.StoreAsync(Slots, Stored);

        await change.Array[1, 3].SampleAsync(
            async changes =>
            {
                server.Store.Lie<LoadResponse>(r => Array.ForEach(changes, c => c(r)));
                await AssertRightOrRefusedAsync(area);
            },
            iter: 400,
            threads: 1);
    }

    [Fact]
    public async Task RandomZpagesWithRightChecksumsAreSurvived()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(0);
        await area.StoreAsync(Slots, Stored);

        await Gen.Select(Gen.Byte.Array[0, 600], Gen.Int[1, 3]).SampleAsync(
            async (zpage, encoding) =>
            {
                server.Store.Lie<LoadResponse>(r =>
                {
                    r.Zpages = ByteString.CopyFrom([.. zpage, .. r.Zpages.Span[(int)r.Sizes[0]..]]);
                    r.Sizes[0] = (uint)zpage.Length;
                    r.Encodings[0] = (V1.Encoding)encoding;
                    r.ZpageChecksums[0] = Codec.PageChecksum.OfZpage(zpage);
                });
                Assert.True(await AssertRightOrRefusedAsync(area));
            },
            iter: 1000,
            threads: 1);
    }

    [Fact]
    public async Task RandomBytesInsteadOfAMessageAreSurvived()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams, maxAttempts: 1);
        SwapArea area = connection.Area(0);

        await Gen.Byte.Array[0, 200].SampleAsync(
            async bytes =>
            {
                server.Raw.Message = bytes;
                await AssertRefusedOrOutcomeAsync(async () => await area.LoadAsync(Slots, new byte[Stored.Length]));
                await AssertRefusedOrOutcomeAsync(async () => await area.StoreAsync(Slots, Stored));
                await AssertRefusedOrOutcomeAsync(async () => await area.InvalidateAsync(Slots));
                await AssertRefusedOrOutcomeAsync(async () => await area.InvalidateRangeAsync(0, 9));
                await AssertRefusedOrOutcomeAsync(async () => await area.InvalidateAllAsync());
                await AssertRefusedOrOutcomeAsync(async () => await connection.ReclaimAsync(1));
                await AssertRefusedOrOutcomeAsync(async () => await connection.PingAsync(new PingShape(1, 2, 3, 4)));
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public async Task FlippedBytesOfARightReplyAreFoundOut()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams, maxAttempts: 1);
        SwapArea area = connection.Area(0);
        await area.StoreAsync(Slots, Stored);
        byte[] right = [];
        server.Store.Lie<LoadResponse>(r => right = r.ToByteArray());
        await area.LoadAsync(Slots, new byte[Stored.Length]);
        Gen<(int, byte)> flip = Gen.Select(
            Gen.OneOf(Gen.Int[0, 200], Gen.Int[0, right.Length - 1]),
            Gen.Byte[1, 255]);

        await flip.Array[1, 4].SampleAsync(
            async flips =>
            {
                byte[] flipped = [.. right];
                foreach ((int place, byte mask) in flips)
                {
                    flipped[place] ^= mask;
                }

                server.Raw.Message = flipped;
                await AssertRightOrRefusedAsync(area);
            },
            iter: 1000,
            threads: 1);
    }

    private static void Set<T>(Google.Protobuf.Collections.RepeatedField<T> column, IEnumerable<T> values)
    {
        column.Clear();
        column.AddRange(values);
    }

    private static async Task<bool> AssertRightOrRefusedAsync(SwapArea area)
    {
        byte[] loaded = new byte[Stored.Length];
        loaded.AsSpan().Fill(0xEE);
        LoadOutcome[] outcomes;
        try
        {
            outcomes = await area.LoadAsync(Slots, loaded);
        }
        catch (RemoteSwapException)
        {
            return false;
        }

        for (int page = 0; page < PageCount; page++)
        {
            bool isLoaded = outcomes[page] == LoadOutcome.Loaded;
            Assert.Equal(isLoaded ? Pages.Nth(Stored, page) : new byte[4096], Pages.Nth(loaded, page));
        }

        return true;
    }

    private static async Task AssertRefusedOrOutcomeAsync(Func<Task> call)
    {
        Exception? failure = await Record.ExceptionAsync(call);
        Assert.True(failure is null or RemoteSwapException, failure?.ToString());
    }
}
