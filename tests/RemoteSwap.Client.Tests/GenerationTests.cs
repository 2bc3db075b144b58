using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Client.Tests.Fakes;
using RemoteSwap.V1;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>Generations rise, are never given twice, and go on above those of a former session.</summary>
public abstract class GenerationTests(int streams)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public async Task FirstGenerationIsAboveTheTimeInMicroseconds()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams, time: new FakeTimeProvider(Start));

        await connection.Area(1).StoreAsync(5, Pages.Any(1));

        ulong microseconds = (ulong)(Start - DateTimeOffset.UnixEpoch).TotalMicroseconds;
        Assert.Equal(microseconds + 1, server.Store.Find(1, 5)!.Generation);
    }

    [Fact]
    public async Task NextSessionGoesOnAboveTheFormer()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        FakeTimeProvider time = new(Start);
        await using (RemoteSwapConnection former = server.Connect(streams, time: time))
        {
            await former.Area(1).StoreAsync(Pages.Slots(1000), Pages.Many(1000));
        }

        time.Advance(TimeSpan.FromMilliseconds(2));
        await using RemoteSwapConnection next = server.Connect(streams, time: time);
        StoreOutcome[] outcomes = await next.Area(1).StoreAsync(Pages.Slots(1000), Pages.Many(1000, seed: 50));

        Assert.DoesNotContain(StoreOutcome.Stale, outcomes);
    }

    [Fact]
    public async Task ParallelStoresAndInvalidationsHaveGenerationsOfTheirOwn()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);

        await Parallel.ForAsync(0, 200, async (i, ct) =>
        {
            SwapArea area = connection.Area(1);
            await area.StoreAsync(3, Pages.Any(i), ct);
            await area.StoreAsync(Pages.Slots(3), Pages.Many(3), StoreMode.EachPage, ct);
            await area.InvalidateAsync(Pages.Slots(2), ct);
            await area.InvalidateRangeAsync(0, 2, ct);
        });

        ulong[] given =
        [
            .. server.Store.RequestsOf<StoreRequest>().SelectMany(r => r.Generations),
            .. server.Store.RequestsOf<InvalidateRequest>().SelectMany(r => r.Generations),
            .. server.Store.RequestsOf<InvalidateRequest>().Select(r => r.RangesGeneration).Where(g => g > 0),
        ];
        Assert.Equal(200 * 7, given.Length);
        Assert.Equal(given.Length, given.Distinct().Count());
    }

    [Fact]
    public void ThreadsNeverTakeTheSameGeneration()
    {
        const int Threads = 4;
        const int Takes = 3_000_000;
        GenerationCounter counter = new(new FixedTime(DateTimeOffset.UnixEpoch));
        bool[] rose = new bool[Threads];
        using Barrier start = new(Threads);

        Thread[] threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            bool risesAlways = true;
            ulong last = 0;
            for (int take = 0; take < Takes; take++)
            {
                ulong first = counter.Take(3);
                risesAlways &= first > last;
                last = first + 2;
            }

            rose[i] = risesAlways;
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        // A run that was given to two threads would be missing from the total.
        Assert.Equal((3UL * Threads * Takes) + 1, counter.Take(1));
        Assert.DoesNotContain(false, rose);
    }

    [Fact]
    public async Task StoreThatWasStartedLaterStaysThoughItArrivedFirst()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        TaskCompletionSource arrived = new();
        TaskCompletionSource release = new();
        server.Store.Before = (_, _) => arrived.TrySetResult() ? release.Task : Task.CompletedTask;

        Task<StoreOutcome> first = area.StoreAsync(5, Pages.Text(1)).AsTask();
        await arrived.Task;
        Assert.Equal(StoreOutcome.Stored, await area.StoreAsync(5, Pages.Text(2)));
        release.SetResult();

        Assert.Equal(StoreOutcome.Stale, await first);
        byte[] loaded = new byte[4096];
        await area.LoadAsync(5, loaded);
        Assert.Equal(Pages.Text(2), loaded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InvalidationThatArrivesLateSparesTheNewerPage(bool range)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        SwapArea area = connection.Area(1);
        TaskCompletionSource arrived = new();
        TaskCompletionSource release = new();
        server.Store.Before = (_, _) => arrived.TrySetResult() ? release.Task : Task.CompletedTask;

        Task invalidation = range
            ? area.InvalidateRangeAsync(0, 100).AsTask()
            : area.InvalidateAsync(5).AsTask();
        await arrived.Task;
        await area.StoreAsync(5, Pages.Text(2));
        release.SetResult();
        await invalidation;

        Assert.Equal(LoadOutcome.Loaded, await area.LoadAsync(5, new byte[4096]));
    }

    [Fact]
    public void GenerationsEndAtTheLargestAndNeverStartAgain()
    {
        // 2^56 microseconds are the year 4253.
        GenerationCounter beyond = new(new FakeTimeProvider(new DateTimeOffset(5000, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Throws<InvalidOperationException>(() => beyond.Take(1));
        Assert.Throws<InvalidOperationException>(() => beyond.Take(512));

        GenerationCounter early = new(new FixedTime(new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(1UL, early.Take(10));
        Assert.Equal(11UL, early.Take(1));
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
