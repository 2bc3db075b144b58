using RemoteSwap.Client;
using RemoteSwap.Codec;

namespace RemoteSwap.EndToEnd.Tests.Failures;

/// <summary>
/// Several workers store, load, take over and forget pages of slots of their own, with many times what the server has
/// memory for, so that pages go out to the client's file and are superseded on their way all the time. Each load must
/// give what its worker did last. Then the client is started again, then the server is killed.
/// </summary>
public sealed class EvictionChurnTests : IDisposable
{
    private const int Workers = 4;
    private const int SlotsOfWorker = 192;
    private const int Slots = Workers * SlotsOfWorker;
    private const int DefaultSteps = 400;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"remoteswap-churn-{Guid.NewGuid():N}");

    // The version that a slot holds; 0: none.
    private readonly int[] _versions = new int[Slots];

    // The newest version that was ever made of it: none comes twice.
    private readonly int[] _newest = new int[Slots];

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task EachLoadGivesWhatWasDoneLastWhereverThePageIs()
    {
        int steps = int.TryParse(Environment.GetEnvironmentVariable("REMOTESWAP_CHURN_STEPS"), out int wanted)
            ? wanted
            : DefaultSteps;
        await using FailingServer server = await FailingServer.StartAsync("--limit=1MiB");
        SessionTicket ticket;
        await using (RemoteSwapConnection connection = server.Connect(s_deadline))
        await using (AttachedArea area = await AttachAsync(connection, new AttachOptions()))
        {
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(
                worker => Task.Run(() => WorkAsync(area, worker, steps))));
            await RequireAllAsync(area, mayBeLost: false);
            Assert.InRange(area.EvictedPages, 1, Slots);
            ticket = area.Ticket;
        }

        await using RemoteSwapConnection again = server.Connect(s_deadline, waits: true);
        await using AttachedArea resumed = await AttachAsync(
            again, new AttachOptions { Mode = AttachMode.Resume, Ticket = ticket });
        await RequireAllAsync(resumed, mayBeLost: false);

        long kept = resumed.EvictedPages;
        await server.KillAsync();
        await server.StartAgainAsync("--limit=1MiB");
        int right = await SlotPages.UntilAnsweredAsync(() => RequireAllAsync(resumed, mayBeLost: true));
        Assert.True(right >= kept, $"{kept} pages were in the file, {right} were found");
    }

    private async Task<AttachedArea> AttachAsync(RemoteSwapConnection connection, AttachOptions how) =>
        (await connection.AttachAsync(0, how with { EvictTo = new EvictionTarget(_path, Slots * PageSize.Bytes) }))
            .Area!;

    private async Task WorkAsync(AttachedArea area, int worker, int steps)
    {
        Random random = new(worker);
        for (int step = 0; step < steps; step++)
        {
            int first = (worker * SlotsOfWorker) + random.Next(SlotsOfWorker);
            int count = Math.Min(1 + random.Next(24), ((worker + 1) * SlotsOfWorker) - first);
            ulong[] slots = [.. Enumerable.Range(first, count).Select(slot => (ulong)slot)];
            switch (random.Next(10))
            {
                case < 5:
                    await StoreAsync(area.Pages, slots);
                    break;
                case < 6:
                    await area.Pages.InvalidateRangeAsync(slots[0], (ulong)count);
                    Array.Clear(_versions, first, count);
                    break;
                case < 7:
                    await RequireAsync(area.Pages, slots, LoadMode.TakeOver, mayBeLost: false);
                    Array.Clear(_versions, first, count);
                    break;
                case < 8:
                    await RequireZpagesAsync(area.Pages, slots);
                    break;
                case < 9:
                    await RequireOneAsync(area, slots[0]);
                    break;
                default:
                    await RequireAsync(area.Pages, slots, LoadMode.Keep, mayBeLost: false);
                    break;
            }
        }
    }

    private async Task StoreAsync(SwapArea area, ulong[] slots)
    {
        int[] versions = [.. slots.Select(slot => ++_newest[slot])];
        byte[] pages = [.. slots.SelectMany((slot, i) => SlotPages.Of(slot, versions[i]))];
        StoreOutcome[] outcomes = await area.StoreAsync(slots, pages);
        for (int i = 0; i < slots.Length; i++)
        {
            // What a full server refuses is gone.
            bool isStored = outcomes[i] is StoreOutcome.Stored or StoreOutcome.SameFilled;
            Assert.True(
                isStored || outcomes[i] is StoreOutcome.TenantLimit or StoreOutcome.PoolLimit, $"{outcomes[i]}");
            _versions[slots[i]] = isStored ? versions[i] : 0;
        }
    }

    private async Task RequireOneAsync(AttachedArea area, ulong slot)
    {
        byte[] page = new byte[PageSize.Bytes];
        Judge(slot, await area.Pages.LoadAsync(slot, page), page, mayBeLost: false);
    }

    private async Task<int> RequireAsync(SwapArea area, ulong[] slots, LoadMode mode, bool mayBeLost)
    {
        byte[] pages = new byte[slots.Length * PageSize.Bytes];
        LoadOutcome[] outcomes = await area.LoadAsync(slots, pages, mode);
        int right = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            right += Judge(slots[i], outcomes[i], SlotPages.Page(pages, i), mayBeLost) ? 1 : 0;
        }

        return right;
    }

    private async Task RequireZpagesAsync(SwapArea area, ulong[] slots)
    {
        ZpageBatch batch = new(slots.Length) { Count = slots.Length };
        batch.Zpages = new byte[slots.Length * PageSize.Bytes];
        slots.CopyTo(batch.Slots);
        await area.LoadZpagesAsync(batch);
        int start = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            byte[] page = new byte[PageSize.Bytes];
            ReadOnlySpan<byte> zpage = batch.Zpages.Span.Slice(start, batch.Sizes[i]);
            start += zpage.Length;
            if (batch.LoadOutcomes[i] == LoadOutcome.Loaded)
            {
                Assert.Equal(ZpageFault.None, PageCodec.Default.Decode(batch.Encodings[i], zpage, page));
            }

            Judge(slots[i], batch.LoadOutcomes[i], page, mayBeLost: false);
        }
    }

    private Task<int> RequireAllAsync(AttachedArea area, bool mayBeLost) =>
        RequireAsync(area.Pages, SlotPages.First(Slots), LoadMode.Keep, mayBeLost);

    private bool Judge(ulong slot, LoadOutcome outcome, byte[] page, bool mayBeLost)
    {
        int version = _versions[slot];
        bool isRight = outcome == LoadOutcome.Loaded
            ? version > 0 && page.AsSpan().SequenceEqual(SlotPages.Of(slot, version))
            : outcome == LoadOutcome.NotFound && version == 0;
        Assert.True(
            isRight || (mayBeLost && outcome == LoadOutcome.Lost), $"slot {slot} is {outcome}, version {version}");
        return isRight && version > 0;
    }
}
