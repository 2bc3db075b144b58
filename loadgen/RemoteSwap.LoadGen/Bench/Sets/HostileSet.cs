using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Legs;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>
/// A client that never reads and one that never stops sending, each on streams of its own connection, beside one that
/// behaves. The attacker is a tenant like the other; it can not but use processor time of its own.
/// </summary>
internal static class HostileSet
{
    private const string Attacked = "attacker";
    private const int AttackStreams = 16;
    private const int MostGrowthMebiBytes = 128;

    // An attacker whose replies nobody reads is stopped by them, but only when they fill the transport's windows: some
    // seconds in which it is a client like another. They count, and so does what comes after.
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(12);
    private const int Rounds = 3;

    /// <summary>Measures it.</summary>
    public static async Task RunAsync(BenchBed bed, CancellationToken ct)
    {
        const string Alone = "load, alone";
        const string NeverRead = "load, beside one that never reads";
        const string Flood = "load, beside one that never stops sending";
        long limit = (bed.Options.WorkingSetBytes * 5 / 2) + (64L << 20);
        ServerProcess server = await bed.StartServerAsync(limit, 0, [PageBed.ZpageTenant, Attacked], ct);
        WorkerProcess worker = bed.StartWorker();
        WorkerProcess attacker = bed.StartWorker();
        WorkJob good = PageBed.ZpageJob(server, bed.Options.Zpages / 2);
        WorkJob bad = good with { Tenant = Attacked, Callers = AttackStreams };
        await bed.FillAsync(worker, good with { Kind = WorkKind.Fill }, ct);
        await bed.FillAsync(attacker, bad with { Kind = WorkKind.Fill }, ct);
        WorkLeg Leg(string name) => new(name, good, worker, server);
        AttackedLeg Beside(string name, WorkKind attack) =>
            new(Leg(name), bad with { Kind = attack }, attacker, server);

        bool isQuick = bed.Options.Quick;
        await bed.MeasureAsync(
            new BenchGroup(
                "Zpages, batches of 32, 4 streams with 4 calls each; "
                    + $"attacks over {AttackStreams} streams of one connection",
                [Leg(Alone), Beside(NeverRead, WorkKind.NeverRead), Beside(Flood, WorkKind.Flood)],
                [
                    RatioSpec.Rate(NeverRead, Alone, Goal.Least(0.8)),
                    RatioSpec.Rate(Flood, Alone, Goal.Least(0.8)),
                    RatioSpec.Growth(NeverRead, Goal.Most(MostGrowthMebiBytes)),
                    RatioSpec.Growth(Flood, Goal.Most(MostGrowthMebiBytes)),
                ])
            {
                LegTime = isQuick ? null : s_time,
                Rounds = isQuick ? null : Rounds,
            },
            ct);
    }
}
