using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Progress;
using RemoteSwap.LoadGen.Reports;
using RemoteSwap.LoadGen.Reports.Model;
using RemoteSwap.LoadGen.Sources;
using RemoteSwap.LoadGen.Statistics;
using RemoteSwap.LoadGen.Telemetry;
using RemoteSwap.LoadGen.Verification;
using RemoteSwap.LoadGen.Workload;
using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Tests.Workload;

/// <summary>Workers on a target of the test's choice, and the report that a run with them gives.</summary>
internal sealed class TestBench : IDisposable
{
    private readonly PhaseSet _phases = new();
    private readonly LoadOptions _options;
    private readonly TimeProvider _clock;

    public TestBench(
        ISwapTarget target,
        TimeProvider? clock = null,
        int pages = 600,
        int slots = 600,
        int workers = 3,
        int batch = 16,
        bool allowRefusals = false,
        LoadGenMeter? meter = null)
    {
        _clock = clock ?? TimeProvider.System;
        _options = new LoadOptions
        {
            Tenants = ["vm1"],
            Sources = [new SourceSpec(SourceKind.Synthetic, Ratio: 3)],
            Workers = workers,
            BatchPages = batch,
            Seed = 11,
            AllowRefusals = allowRefusals,
        };
        using SyntheticPageSource source = new(ratio: 3, new SeededRandom(2));
        Corpus = CorpusBuilder.Build([source], 300, CancellationToken.None);
        SeededRandom random = new(_options.Seed);
        int[] order = [.. Enumerable.Range(0, Corpus.Count)];
        Workers =
        [
            .. SlotPlan.Cut(slots, pages, workers, firstPage: 0).Select(plan => new SwapWorker(new WorkerSetup(
                "vm1", plan, target, Corpus, order, batch, random.Fork(), _clock, Control)
            {
                Meter = meter ?? LoadGenMeter.Shared,
            })),
        ];
    }

    public PageCorpus Corpus { get; }

    public RunControl Control { get; } = new();

    public IReadOnlyList<SwapWorker> Workers { get; }

    public async Task<TestBench> RunAsync(
        IWorkPhase phase, string? stores, string? loads, double? rate = null, IProgressView? view = null)
    {
        PhaseRunner runner = new(_clock, view ?? new SilentView(), rate);
        (TimeSpan elapsed, IReadOnlyList<TimelinePoint> timeline) = await runner.RunAsync(phase, Workers);
        _phases.Add(stores, Workers.Select(worker => worker.Stores), elapsed, timeline);
        _phases.Add(loads, Workers.Select(worker => worker.Loads), elapsed, timeline);
        return this;
    }

    /// <summary>All phases of a run but the ping.</summary>
    public async Task<TestBench> RunAllAsync(long mixedPages = 6_000)
    {
        await RunAsync(new StorePhase(), PhaseNames.Store, null);
        await RunAsync(new LoadPhase(), null, PhaseNames.Load);
        MixedPhase mixed = new(50, DistributionKind.Zipf, 10, duration: null, mixedPages);
        await RunAsync(mixed, PhaseNames.MixedStore, PhaseNames.MixedLoad);
        await RunAsync(new InvalidatePhase(), PhaseNames.Invalidate, null);
        foreach (SwapWorker worker in Workers)
        {
            worker.Ledger.Clear();
        }

        return await RunAsync(new EmptyCheckPhase(), null, null);
    }

    public RunReport Report() => ReportBuilder.Build(Record());

    public RunRecord Record() => new()
    {
        Options = _options,
        StartedUtc = DateTimeOffset.UnixEpoch,
        ServerAddress = new Uri("http://127.0.0.1:1"),
        EmbeddedLimit = new ByteSize(64 << 20),
        AreaSlots = 600,
        Pages = 600,
        Corpus = Corpus,
        Survey = CorpusSurvey.Of(Corpus),
        Phases = _phases.Results,
        Memory = new MemoryFigures(
            new ServerSnapshot { ResidentBytes = 1_000_000 },
            new ServerSnapshot
            {
                StoredPages = 600,
                SameFilledPages = 20,
                Frames = 300,
                UsedBytes = 1_300_000,
                IndexBytes = 13_000,
                ResidentBytes = 2_800_000,
                CpuSeconds = 0.01,
                Version = "1.2.3+abc",
            }),
        Verdict = Verdict.Of([.. Workers.Select(worker => (worker.Verifier, worker.Ledger))]),
        ServerViolations = [],
        Interrupted = Control.WasInterrupted,
        GaveUp = Control.GaveUp,
        TimerLateness = null,
    };

    public void Dispose() => Control.Dispose();
}
