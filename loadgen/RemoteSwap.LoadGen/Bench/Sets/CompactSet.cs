using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Legs;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>
/// Churn to 1.2 pages a frame, then Compact while single pages are loaded at a steady rate: an open loop, so a stall
/// counts for every load that it delays. In each round: loads of the thinned area, while it is compacted, and after.
/// <para>
/// What of a stall is compaction's: a load waits for it only at a shard's lock. Compaction holds one for a step, and
/// stays away from it for at least a millisecond after 0.2 ms of steps; so a load waits for no longer than 0.2 ms and
/// the longest hold, which the server measures. All else that the second leg shows over the first is shared processors.
/// </para>
/// </summary>
internal static class CompactSet
{
    private const string Tenant = "churned";
    private const int LoadsPerSecond = 4000;
    private const double BurstMs = 0.2;
    private const double MostStallMs = 5;
    private const double LeastDensity = 1.85;
    private const double MebiByte = 1 << 20;

    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(4);

    /// <summary>Measures it.</summary>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        const string Before = "load, 1.2 pages a frame";
        const string During = "load, Compact running";
        const string After = "load, compacted";
        long limit = (bed.Options.WorkingSetBytes * 5 / 4) + (64L << 20);
        ServerProcess server =
            await bed.StartServerAsync(limit, 0, [Tenant], ct, "--Store:CompactAbovePercent=0");
        WorkerProcess worker = bed.StartWorker();
        await using CompactCall compact = new(server.Address, Tenant);
        WorkJob load = new()
        {
            Kind = WorkKind.LoadKept,
            Server = server.Address,
            Tenant = Tenant,
            StoredPages = bed.Options.WorkingSetBytes / 2048,
            Streams = 1,
            Callers = 32,
        };
        WorkJob churn = load with { Kind = WorkKind.Thin };
        ThinnedLeg Leg(string name, WorkJob? first, CompactCall? call) =>
            new(new WorkLeg(name, load, worker, server), LoadsPerSecond, first, worker, call);

        await bed.MeasureAsync(
            new BenchGroup(
                FormattableString.Invariant($"Single zpages of 700 to 1,980 bytes, {LoadsPerSecond} loads a second"),
                [Leg(Before, churn, null), Leg(During, null, compact), Leg(After, null, null)],
                [
                    Figure("pages a frame before Compact", During, c => c.DensityBefore, null),
                    Figure("pages a frame after Compact", During, c => c.DensityAfter, Goal.Least(LeastDensity)),
                    Figure("frames merged", During, c => c.Merged, null),
                    Figure("frames moved down", During, c => c.Moved, null),
                    Figure("MiB given back", During, c => c.CommittedFell / MebiByte, null),
                    Figure("seconds that Compact took", During, c => c.Seconds, null),
                    Figure("ms, longest hold of a lock by Compact", During, c => c.LongestHoldUs / 1000, null),
                    Figure(
                        "ms, most that a load can have waited for Compact",
                        During,
                        c => (c.LongestHoldUs / 1000) + BurstMs,
                        Goal.Most(MostStallMs)),
                    Longest(Before),
                    Longest(During),
                    Longest(After),
                    P999(During, Before),
                    P999(After, Before),
                    RatioSpec.P50(During, Before, goal: null),
                ])
            {
                LegTime = bed.Options.Quick ? null : s_time,
            },
            ct);
    }

    private static RatioSpec Figure(string title, string leg, Func<CompactFigures, double> figure, Goal? goal) =>
        new(title, goal, round => round.Find(leg)?.Compact is { } compacted ? figure(compacted) : null)
        {
            CountsWorst = true,
        };

    private static RatioSpec Longest(string leg) =>
        new($"ms, the longest {leg}", null, round => round.Find(leg)?.MaxUs / 1000);

    private static RatioSpec P999(string leg, string other) =>
        new($"p99.9, {leg} / {other}", null, round => round.Over(leg, other, sample => sample.P999Us));
}
