using Grpc.Net.Client;
using RemoteSwap.V1;

namespace RemoteSwap.EndToEnd.Tests.Million;

/// <summary>
/// A million pages in a server of its own: they do not burden the managed heap, the index stays small, and their memory
/// goes back to the system when they are forgotten.
/// </summary>
public sealed class MillionPagesTests(ITestOutputHelper output)
{
    private const int Pages = 1_000_000;

    // Enough that code is compiled, and buffers of gRPC and sockets and the arena's warm reserve are as large as they
    // get.
    private const int WarmUpPages = 150_000;

    private const int ParallelCalls = 4;
    private const long HeapLimitBytes = 64L << 20;
    private const int IndexLimitBytesPerPage = 24;
    private const double ResidentTolerance = 1.10;
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(500);

    private readonly PageMix _mix = new();

    [Fact]
    public async Task MillionPagesCostWhatIsPromisedAndGiveItBack()
    {
        await using ServerProcess server = await ServerProcess.StartAsync("--limit=4GiB", "--Tenants:default:Areas=1");
        using GrpcChannel channel = server.OpenChannel();
        PageStoreService.PageStoreServiceClient pages = new(channel);
        AdminService.AdminServiceClient admin = new(channel);
        (uint least, uint most) = _mix.BlockBytes;
        Say($"batch: {PageMix.BatchPages} pages, {_mix.FilledPages} filled, blocks of {least} to {most} bytes");

        // The same calls as below, twice, with their pages forgotten again: what is resident then is the start.
        await StoreAllAsync(pages, PageMix.BatchPages);
        await VerifyAsync(pages, PageMix.BatchPages);
        await ForgetAsync(pages, PageMix.BatchPages);
        await StoreAllAsync(pages, WarmUpPages);
        await VerifyAsync(pages, WarmUpPages);
        await ForgetAsync(pages, WarmUpPages);
        long start = await SettleAsync(() => server.ResidentBytes);
        ServerStatistics before = (await FiguresAsync(admin)).Server;
        Say(
            $"start: resident {Mib(start)}, heap {Mib(before.ManagedHeapBytes)}, "
            + $"committed {Mib(before.CommittedBytes)}");

        await StoreAllAsync(pages, Pages);
        ListTenantsResponse full = await FiguresAsync(admin);
        TenantStatistics tenant = Assert.Single(full.Tenants);
        Say($"full at once: resident {Mib(server.ResidentBytes)}, heap {Mib(full.Server.ManagedHeapBytes)}");
        Assert.Equal((ulong)Pages, tenant.StoredPages);
        await VerifyAsync(pages, Pages);

        long heap = await SettleAsync(
            async () => (long)(await FiguresAsync(admin)).Server.ManagedHeapBytes, HeapLimitBytes);
        double indexBytes = (double)tenant.IndexBytes / tenant.StoredPages;
        Say(
            $"full: resident {Mib(server.ResidentBytes)}, heap {Mib(heap)}, used {Mib(tenant.UsedBytes)}, "
            + $"index {indexBytes:0.00} bytes a page, density {tenant.Density:0.000}, "
            + $"{tenant.PoolFrames} frames, {tenant.SameFilledPages} filled, {tenant.HeadlessFrames} headless");
        Assert.InRange(heap, 0, HeapLimitBytes - 1);
        Assert.InRange(indexBytes, 0, IndexLimitBytesPerPage);

        await ForgetAsync(pages, Pages);
        long bound = (long)(start * ResidentTolerance);
        long end = await SettleAsync(() => Task.FromResult(server.ResidentBytes), bound);
        ServerStatistics after = (await FiguresAsync(admin)).Server;
        Say(
            $"end: resident {Mib(end)} ({(double)end / start:P1} of the start), heap {Mib(after.ManagedHeapBytes)}, "
            + $"committed {Mib(after.CommittedBytes)}, used {Mib(after.UsedBytes)}");
        Assert.InRange(end, 0, bound);
        Assert.Equal(0UL, after.UsedBytes);
        CheckInvariantsResponse audit = await admin.CheckInvariantsAsync(new CheckInvariantsRequest { Deep = true });
        Assert.Empty(audit.Violations);
    }

    private static async Task<ListTenantsResponse> FiguresAsync(AdminService.AdminServiceClient admin) =>
        await admin.ListTenantsAsync(new ListTenantsRequest());

    private static string Mib(ulong bytes) => Mib((long)bytes);

    private static string Mib(long bytes) => $"{bytes / (double)(1 << 20):0.0} MiB";

    private static Task EachBatchAsync(int pages, Func<ulong, int, ValueTask> work)
    {
        IEnumerable<int> batches = Enumerable.Range(0, (pages + PageMix.BatchPages - 1) / PageMix.BatchPages);
        return Parallel.ForEachAsync(
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelCalls },
            (batch, _) =>
            {
                int first = batch * PageMix.BatchPages;
                return work((ulong)first, Math.Min(PageMix.BatchPages, pages - first));
            });
    }

    private static async Task ForgetAsync(PageStoreService.PageStoreServiceClient pages, int expected)
    {
        InvalidateAreaResponse gone = await pages.InvalidateAreaAsync(new InvalidateAreaRequest { Tenant = "default" });
        Assert.Equal((ulong)expected, gone.Pages);
    }

    // Waits until the figure has fallen to a bound; the last one counts if it does not.
    private static async Task<long> SettleAsync(Func<Task<long>> figure, long bound)
    {
        long now = await figure();
        for (TimeSpan waited = TimeSpan.Zero; now > bound && waited < s_settling; waited += s_poll)
        {
            await Task.Delay(s_poll);
            now = await figure();
        }

        return now;
    }

    // Waits until a figure has stopped falling for two seconds.
    private static async Task<long> SettleAsync(Func<long> figure)
    {
        const int Still = 4;
        long least = figure();
        int same = 0;
        for (TimeSpan waited = TimeSpan.Zero; same < Still && waited < s_settling; waited += s_poll)
        {
            await Task.Delay(s_poll);
            long now = figure();
            same = now < least ? 0 : same + 1;
            least = Math.Min(least, now);
        }

        return least;
    }

    private Task StoreAllAsync(PageStoreService.PageStoreServiceClient client, int pages)
    {
        _mix.Generation++;
        return EachBatchAsync(pages, StoreAsync);

        async ValueTask StoreAsync(ulong first, int count)
        {
            StoreResponse response = await client.StoreAsync(_mix.Store(first, count));
            Assert.DoesNotContain(
                response.Outcomes, outcome => outcome is not (StoreOutcome.Stored or StoreOutcome.SameFilled));
        }
    }

    private Task VerifyAsync(PageStoreService.PageStoreServiceClient client, int pages)
    {
        return EachBatchAsync(pages, LoadAsync);

        async ValueTask LoadAsync(ulong first, int count)
        {
            LoadResponse response = await client.LoadAsync(PageMix.Load(first, count));
            Assert.True(_mix.IsWhole(response, first, count), $"pages from slot {first}");
        }
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
