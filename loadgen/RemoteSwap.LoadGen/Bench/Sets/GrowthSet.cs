using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Legs;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>The same figures with more pages, areas, tenants, callers. What is compared is stored at once.</summary>
internal static class GrowthSet
{
    private const int Streams = 4;
    private const int Callers = 16;
    private const int Batch = 32;
    private const int MostTenants = 64;
    private const long SpreadPages = 128_000;
    private const long QuickSpreadPages = 32_000;

    // What 4 million pages in frames of two take, with index, is a good 9 GiB; the system and the client want some too.
    private const double MostMemoryShare = 0.6;
    private static readonly long[] s_pages = [10_000, 1_000_000, 4_000_000];
    private static readonly long[] s_quickPages = [2_000, 20_000];
    private static readonly int[] s_areas = [1, 10, 100, 1_000];
    private static readonly int[] s_tenants = [1, 4, 16, MostTenants];
    private static readonly int[] s_callers = [1, 4, 16, 64, 256];

    /// <summary>Measures them.</summary>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        long memoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        long[] wanted = bed.Options.Quick ? s_quickPages : s_pages;
        long[] sizes = [.. wanted.Where(pages => LimitBytes(pages) < memoryBytes * MostMemoryShare)];
        foreach (long pages in wanted.Except(sizes))
        {
            bed.Leave(FormattableString.Invariant($"{pages:N0} stored pages"), "too little memory");
        }

        long spread = bed.Options.Quick ? QuickSpreadPages : SpreadPages;
        string[] tenants =
        [
            .. sizes.Select(pages => Name("pages", pages)),
            .. s_areas.Select(areas => Name("areas", areas)),
            .. s_tenants.Select(TenantsOf).SelectMany(job => Enumerable.Range(0, job.Tenants).Select(job.TenantName)),
        ];
        long limit = LimitBytes(sizes.Sum() + (spread * (s_areas.Length + s_tenants.Length)));
        ServerProcess server = await bed.StartServerAsync(limit, pingArenaBytes: 0, tenants, ct);
        Growth growth = new(server, bed.StartWorker());
        await growth.PagesAsync(bed, sizes, ct);
        await growth.SpreadAsync(bed, "area", s_areas, growth.Areas(spread), ct);
        await growth.SpreadAsync(bed, "tenant", s_tenants, growth.Tenants(spread), ct);
        await growth.CallersAsync(bed, s_callers, growth.Pages(sizes[^1]), ct);
    }

    private static WorkJob TenantsOf(int count) =>
        new() { Kind = WorkKind.Fill, Tenant = Name("of", count), Tenants = count };

    private static string Name(string what, long count) => FormattableString.Invariant($"{what}-{count}");

    // Two pages to a frame at worst, a tenth for index, handles and what lies scattered.
    private static long LimitBytes(long pages) => (pages * PageSize.Bytes / 2 * 11 / 10) + (256L << 20);

    private sealed class Growth(ServerProcess server, WorkerProcess worker)
    {
        private WorkJob Job { get; } = new()
        {
            Kind = WorkKind.Load,
            Server = server.Address,
            Streams = Streams,
            Callers = Callers,
            Batch = Batch,
        };

        public WorkJob Pages(long pages) => Job with { Tenant = Name("pages", pages), StoredPages = pages };

        public Func<int, WorkJob> Areas(long pages) =>
            count => Job with { Tenant = Name("areas", count), Areas = count, StoredPages = pages };

        // One stream for each tenant: with the most of them every one is a client of its own.
        public Func<int, WorkJob> Tenants(long pages) => count => Job with
        {
            Tenant = TenantsOf(count).Tenant,
            Tenants = count,
            StoredPages = pages,
            Streams = 1,
            Callers = MostTenants,
        };

        public async Task PagesAsync(BenchBed bed, long[] sizes, CancellationToken ct)
        {
            static string Batches(long pages) => FormattableString.Invariant($"batches, {pages:N0} pages");
            static string Singles(long pages) => FormattableString.Invariant($"one at a time, {pages:N0} pages");
            foreach (long pages in sizes)
            {
                await bed.FillAsync(worker, Pages(pages) with { Kind = WorkKind.Fill }, ct);
            }

            long few = sizes[0];
            long[] more = sizes[1..];
            await bed.MeasureAsync(
                new BenchGroup(
                    "Load of zpages from more and more stored pages",
                    [
                        .. sizes.Select(pages => Leg(Batches(pages), Pages(pages))),
                        .. sizes.Select(pages => Leg(Singles(pages), Pages(pages) with { Batch = 1, Callers = 1 })),
                    ],
                    [
                        .. more.Select(pages => RatioSpec.Rate(Batches(pages), Batches(few), Goal.Least(0.85))),
                        .. more.Select(pages => RatioSpec.P50(Singles(pages), Singles(few), Goal.Most(1.15))),
                    ]),
                ct);
        }

        public async Task SpreadAsync(
            BenchBed bed, string what, int[] counts, Func<int, WorkJob> job, CancellationToken ct)
        {
            string Load(int count) => $"load, {Counted.Of(count, what)}";
            string Store(int count) => $"store, {Counted.Of(count, what)}";
            foreach (int count in counts)
            {
                await bed.FillAsync(worker, job(count) with { Kind = WorkKind.Fill }, ct);
            }

            await bed.MeasureAsync(
                new BenchGroup(
                    $"{Counted.Of(job(1).StoredPages, "zpage")} spread over more and more {what}s, batches of 32",
                    [
                        .. counts.Select(count => Leg(Load(count), job(count))),
                        .. counts.Select(count => Leg(Store(count), job(count) with { Kind = WorkKind.Store })),
                    ],
                    [
                        .. counts.Skip(1).Select(count => RatioSpec.Rate(Load(count), Load(1), goal: null)),
                        .. counts.Skip(1).Select(count => RatioSpec.Rate(Store(count), Store(1), goal: null)),
                    ]),
                ct);
        }

        public Task CallersAsync(BenchBed bed, int[] counts, WorkJob job, CancellationToken ct)
        {
            static string Name(int count) => Counted.Of(count, "caller");
            return bed.MeasureAsync(
                new BenchGroup(
                    "Load of single zpages from more and more callers",
                    [.. counts.Select(count => Leg(Name(count), job with { Batch = 1, Callers = count }))],
                    [.. counts.Skip(1).Select(count => RatioSpec.Rate(Name(count), Name(1), goal: null))]),
                ct);
        }

        private WorkLeg Leg(string name, WorkJob job) => new(name, job, worker, server);
    }
}
