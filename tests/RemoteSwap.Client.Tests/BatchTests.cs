using Grpc.Core;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.Codec;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>How batches travel: cut into calls, columns in order, generations rising.</summary>
public abstract class BatchTests(int streams)
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(512, 1)]
    [InlineData(513, 2)]
    [InlineData(2600, 6)]
    public async Task BatchIsCutIntoCallsOfAtMost512(int count, int calls)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        ulong[] slots = Pages.Slots(count, first: 1000);
        byte[] pages = Pages.Many(count);
        byte[] loaded = new byte[pages.Length];

        StoreOutcome[] stored = await area.StoreAsync(slots, pages);
        LoadOutcome[] outcomes = await area.LoadAsync(slots, loaded);
        InvalidateOutcome[] invalidated = await area.InvalidateAsync(slots);

        Assert.Equal(Enumerable.Range(0, count).Select(StoredOutcomeOf), stored);
        Assert.Equal(Enumerable.Repeat(LoadOutcome.Loaded, count), outcomes);
        Assert.Equal(pages, loaded);
        Assert.Equal(Enumerable.Repeat(InvalidateOutcome.Invalidated, count), invalidated);
        Assert.Equal(calls, server.Store.RequestsOf<StoreRequest>().Length);
        Assert.Equal(calls, server.Store.RequestsOf<LoadRequest>().Length);
        Assert.Equal(calls, server.Store.RequestsOf<InvalidateRequest>().Length);
        Assert.All(server.Store.RequestsOf<StoreRequest>(), r => Assert.InRange(r.Slots.Count, 1, 512));
    }

    [Fact]
    public async Task AtMostFourCallsOfABatchAreInFlight()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        TaskCompletionSource fourAreHere = new();
        int here = 0;
        int most = 0;
        server.Store.Before = async (_, _) =>
        {
            int now = Interlocked.Increment(ref here);
            InterlockedMax(ref most, now);
            if (now >= 4)
            {
                // Time for a fifth to come, if there is one.
                await Task.Delay(200);
                fourAreHere.TrySetResult();
            }

            await fourAreHere.Task;
            Interlocked.Decrement(ref here);
        };

        await connection.Area(1).StoreAsync(Pages.Slots(4096), new byte[4096 * 4096]);

        Assert.Equal(4, most);
    }

    [Fact]
    public async Task RequestHoldsWhatTheContractSays()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        byte[] pages = Pages.Many(30);

        await connection.Area(4).StoreAsync(Pages.Slots(30, first: 8), pages, StoreMode.AllOrNothing);

        StoreRequest request = Assert.Single(server.Store.RequestsOf<StoreRequest>());
        Assert.Equal("vm7", request.Tenant);
        Assert.Equal(4U, request.Area);
        Assert.Equal(0UL, request.AttachEpoch);
        Assert.True(request.AllOrNothing);
        Assert.False(request.Encode);
        Assert.Equal(Pages.Slots(30, first: 8), request.Slots);
        Assert.Equal(request.Zpages.Length, request.Sizes.Sum(s => (int)s));
        byte[] decoded = new byte[4096];
        int offset = 0;
        for (int i = 0; i < 30; i++)
        {
            ReadOnlySpan<byte> zpage = request.Zpages.Span.Slice(offset, (int)request.Sizes[i]);
            ZpageEncoding encoding = OutcomeTable.Of(request.Encodings[i]);
            offset += zpage.Length;
            Assert.Equal(ZpageFault.None, PageCodec.Check(encoding, zpage, request.ZpageChecksums[i]));
            Assert.Equal(ZpageFault.None, PageCodec.Default.Decode(encoding, zpage, decoded));
            Assert.Equal(Pages.Nth(pages, i), decoded);
            Assert.Equal(
                PageChecksum.OfPage(decoded, 4, request.Slots[i], request.Generations[i]),
                request.PageChecksums[i]);
            Assert.Equal(request.Generations[0] + (ulong)i, request.Generations[i]);
        }
    }

    [Fact]
    public async Task LaterPageOfASlotThatStandsTwiceStaysWhicheverPartArrivesFirst()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        ulong[] slots = [.. Pages.Slots(512), .. Pages.Slots(512)];
        byte[] pages = Pages.Many(1024);
        TaskCompletionSource secondIsStored = new();
        TaskCompletionSource bothAreHere = new();
        server.Store.Before = async (request, _) =>
        {
            // Until both parts are here, it is not known which is the first.
            if (server.Store.Requests.Count == 2)
            {
                bothAreHere.TrySetResult();
            }

            await bothAreHere.Task;
            if (request is StoreRequest store && store.Generations[0] == FirstGeneration(server))
            {
                await secondIsStored.Task;
            }
        };
        int parts = 0;
        server.Store.After = (_, _) =>
        {
            if (Interlocked.Increment(ref parts) == 1)
            {
                secondIsStored.SetResult();
            }

            return Task.CompletedTask;
        };

        StoreOutcome[] outcomes = await area.StoreAsync(slots, pages);
        server.Store.Before = (_, _) => Task.CompletedTask;
        byte[] loaded = new byte[512 * 4096];
        await area.LoadAsync(Pages.Slots(512), loaded);

        Assert.All(outcomes[..512], o => Assert.Equal(StoreOutcome.Stale, o));
        Assert.DoesNotContain(StoreOutcome.Stale, outcomes[512..]);
        Assert.Equal(pages[(512 * 4096)..], loaded);
    }

    [Fact]
    public async Task FailureOfOnePartIsThrown()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        server.Store.Before = (_, _) => throw new RpcException(new Status(StatusCode.Internal, "broken"));

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.Area(1).StoreAsync(Pages.Slots(512 * 20), new byte[512 * 20 * 4096]));

        Assert.Equal(RemoteSwapError.Server, failure.Error);
        Assert.InRange(server.Store.Requests.Count, 1, 4);
    }

    [Fact]
    public async Task EmptyBatchSendsNothing()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);

        Assert.Empty(await area.StoreAsync(Array.Empty<ulong>(), Array.Empty<byte>()));
        Assert.Empty(await area.LoadAsync(Array.Empty<ulong>(), Array.Empty<byte>(), LoadMode.TakeOver));
        Assert.Empty(await area.InvalidateAsync(Array.Empty<ulong>()));
        Assert.Empty(server.Store.Requests);
    }

    [Fact]
    public async Task PartsCoverTheBatchOnceAndNoneIsStartedAfterAFailure()
    {
        List<Range> parts = [];
        Task Note(Range part)
        {
            parts.Add(part);
            return Task.CompletedTask;
        }

        await BatchParts.RunAsync(1300, Note);
        Assert.Equal([0..512, 512..1024, 1024..1300], parts);

        parts.Clear();
        await Assert.ThrowsAsync<InvalidOperationException>(() => BatchParts.RunAsync(51_200, part =>
        {
            parts.Add(part);
            return Task.FromException(new InvalidOperationException("broken"));
        }));
        Assert.Equal([0..512], parts);
    }

    private static ulong FirstGeneration(FakeServer server) =>
        server.Store.RequestsOf<StoreRequest>().Min(r => r.Generations[0]);

    private static StoreOutcome StoredOutcomeOf(int seed) =>
        seed % 3 == 2 ? StoreOutcome.SameFilled : StoreOutcome.Stored;

    private static void InterlockedMax(ref int place, int value)
    {
        int seen = place;
        while (seen < value && Interlocked.CompareExchange(ref place, value, seen) != seen)
        {
            seen = place;
        }
    }
}
