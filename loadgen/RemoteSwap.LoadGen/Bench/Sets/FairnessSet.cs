using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Legs;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>
/// Seven quiet tenants within their guarantees, alone and beside one that floods the server with more than it holds.
/// All are caches, so that a page that was reclaimed is a load that finds nothing, which the quiet ones' client counts
/// itself. The control says what of the flood is processor time and not memory: the same client sends the same bytes in
/// the same batches, as pings, of which nothing is kept.
/// </summary>
internal static class FairnessSet
{
    private const string Quiet = "quiet";
    private const string Flooder = "flood";
    private const string Bounded = "bounded";
    private const int QuietTenants = 7;
    private const long QuietBytes = 16L << 20;
    private const long LimitBytes = 192L << 20;
    private const int QuietCallsPerSecond = 700;
    private const int Rounds = 5;
    private const int PacedStoresPerSecond = 200;

    // What the flooder may do where it has a quota, whatever it tries.
    private const int BoundedCallsPerSecond = 50;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(3);

    /// <summary>Measures it.</summary>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        const string Alone = "quiet loads, alone";
        const string Pings = "quiet loads, beside as many bytes of pings";
        const string Flood = "quiet loads, beside the flood";
        const string Quota = "quiet loads, beside the flood of a tenant with a quota of calls";
        const string SlowPings = "quiet loads, beside pings at a rate";
        const string SlowFlood = "quiet loads, beside a flood at that rate";
        string[] quiet = [.. Enumerable.Range(0, QuietTenants).Select(tenant => $"{Quiet}-{tenant}")];
        ServerProcess server = await bed.StartServerAsync(
            LimitBytes,
            0,
            [.. quiet, Flooder, Bounded],
            ct,
            [
                .. quiet.Select(tenant => FormattableString.Invariant($"--Tenants:{tenant}:Guarantee={QuietBytes}")),
                .. quiet.Append(Flooder).Append(Bounded)
                    .Select(tenant => $"--Tenants:{tenant}:Retention=Ephemeral"),
                FormattableString.Invariant($"--Tenants:{Bounded}:Quotas:CallsPerSecond={BoundedCallsPerSecond}"),
                FormattableString.Invariant($"--Tenants:{Bounded}:Quotas:CallBurst=1"),
            ]);
        WorkerProcess worker = bed.StartWorker();
        WorkerProcess flooder = bed.StartWorker();
        WorkJob good = new()
        {
            Kind = WorkKind.Load,
            Server = server.Address,
            Tenant = Quiet,
            Tenants = QuietTenants,

            // Two zpages a frame, and room for the index.
            StoredPages = QuietTenants * (QuietBytes / 4096) * 3 / 2,
            Streams = 1,
            Batch = 1,
            Callers = 2 * QuietTenants,
        };
        WorkJob bad = good with
        {
            Kind = WorkKind.Store,
            Tenant = Flooder,
            Tenants = 1,
            StoredPages = 4 * LimitBytes / 4096,
            Streams = 2,
            Batch = 32,
            Callers = 4,
        };
        await bed.FillAsync(worker, good with { Kind = WorkKind.Fill }, ct);
        SteadyRateLeg Leg(string name) => new(new WorkLeg(name, good, worker, server), QuietCallsPerSecond);
        AttackedLeg Beside(string name, WorkKind what, int rate = 0) =>
            new(Leg(name), bad with { Kind = what, CallsPerSecond = rate }, flooder, server);

        await bed.MeasureAsync(
            new BenchGroup(
                FormattableString.Invariant($"{QuietTenants} tenants within their guarantees, {QuietCallsPerSecond} ")
                    + "single loads a second of all, and one that stores four times what the server holds",
                [
                    Leg(Alone),
                    Beside(SlowPings, WorkKind.PingStore, PacedStoresPerSecond),
                    Beside(SlowFlood, WorkKind.Store, PacedStoresPerSecond),
                    Beside(Pings, WorkKind.PingStore),
                    Beside(Flood, WorkKind.Store),
                    new AttackedLeg(Leg(Quota), bad with { Tenant = Bounded }, flooder, server),
                ],
                [
                    HitRate(Alone, goal: null),
                    HitRate(SlowFlood, Goal.Least(0.9)),
                    HitRate(Flood, Goal.Least(0.9)),
                    HitRate(Quota, Goal.Least(0.9)),
                    P99(SlowFlood, Alone, Goal.Most(1.1)),
                    P99(SlowFlood, SlowPings, goal: null),
                    P99(Flood, Alone, Goal.Most(1.1)),
                    P99(Flood, Pings, goal: null),
                    P99(Quota, Alone, Goal.Most(1.1)),
                ])
            {
                LegTime = bed.Options.Quick ? null : s_time,
                Rounds = bed.Options.Quick ? null : Rounds,
            },
            ct);
    }

    private static RatioSpec HitRate(string leg, Goal? goal) => new(
        $"hit rate of {leg}",
        goal,
        round => round.Find(leg) is { Pages: > 0 } sample ? 1 - ((double)sample.BadPages / sample.Pages) : null)
    {
        CountsWorst = true,
    };

    private static RatioSpec P99(string leg, string ceiling, Goal? goal) => new(
        $"p99, {leg} / {ceiling}", goal, round => round.Over(leg, ceiling, sample => sample.P99Us));
}
