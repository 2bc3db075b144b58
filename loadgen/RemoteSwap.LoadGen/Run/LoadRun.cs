using System.Runtime;
using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Progress;
using RemoteSwap.LoadGen.Reports;
using RemoteSwap.LoadGen.Sources;
using RemoteSwap.LoadGen.Statistics;
using RemoteSwap.LoadGen.Verification;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Run;

/// <summary>
/// One run from the first look at the server to the last check. Steps: (1) a server in this process, or a connection to
/// one; (2) source pages and how they compress; (3) warm-up; (4) ping ceiling; (5) swap out, with the server's memory
/// before and after; (6) swap in; (7) mixed; (8) the server checks its books; (9) the areas are emptied, which is
/// checked. Used once.
/// </summary>
internal sealed class LoadRun
{
    // The ceiling is measured about as long as the phases that are compared with it.
    private const long ShortRunPages = 8_192;
    private const long WarmUpCallPages = 20_000;
    private static readonly TimeSpan s_pingDuration = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_shortPingDuration = TimeSpan.FromMilliseconds(500);

    private readonly LoadOptions _options;
    private readonly IProgressView _view;
    private readonly TimeProvider _clock;
    private readonly RunControl _control;
    private readonly SeededRandom _random;
    private readonly PhaseRunner _runner;
    private readonly PhaseSet _phases = new();
    private readonly long _availableBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    private RawDisk? _raw;
    private SpillFigures? _spill;
    private readonly long _pagesOfTenant;
    private readonly long _slotsOfTenant;

    /// <summary>Prepares a run.</summary>
    public LoadRun(LoadOptions options, IProgressView view, TimeProvider clock, RunControl control)
    {
        _options = options;
        _view = view;
        _clock = clock;
        _control = control;
        _random = new SeededRandom(options.Seed);
        _runner = new PhaseRunner(clock, view, options.RatePagesPerSecond);
        _pagesOfTenant = Math.Max(1, options.PagesFor(_availableBytes) / options.Tenants.Count);
        _slotsOfTenant = options.AreaSlots ?? _pagesOfTenant;
        if (_slotsOfTenant < _pagesOfTenant)
        {
            _pagesOfTenant = _slotsOfTenant;
        }
    }

    private TimeSpan PingDuration => Pages < ShortRunPages ? s_shortPingDuration : s_pingDuration;

    private long Pages => _pagesOfTenant * _options.Tenants.Count;

    /// <summary>Runs.</summary>
    /// <exception cref="RunFailedException">The server can not be used.</exception>
    /// <exception cref="SourceUnavailableException">A source can not be read.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it before the first page was swapped
    /// out.</exception>
    public async Task<RunRecord> RunAsync()
    {
        DateTimeOffset started = _clock.GetUtcNow();
        if (_options.SpillFolder is { } folder)
        {
            _view.Note("asking fio what the file system can do");
            _raw = await RawDisk.TryMeasureAsync(folder, EmbeddedServer.SpillBytes(Pages));
        }

        // 1.
        await using EmbeddedServer? embedded = _options.Server is null
            ? await EmbeddedServer.StartAsync(_options, Pages)
            : null;
        Uri address = embedded?.Address ?? _options.Server!.Address;
        List<TenantLink> links = [];
        try
        {
            foreach (string tenant in _options.Tenants)
            {
                links.Add(await TenantLink.OpenAsync(
                    _options.ClientOptions(address, tenant),
                    _options.Area,
                    attaches: _options.SpillFolder is not null));
            }

            using StatisticsReader statistics = new(
                _options.ClientOptions(address, _options.Tenants[0]), [.. _options.Tenants]);
            await ClaimAreasAsync(links, statistics);

            // 2.
            PageCorpus corpus = CollectPages();
            CorpusSurvey survey = CorpusSurvey.Of(corpus);
            IReadOnlyList<SwapWorker> workers = CreateWorkers(links, corpus, _pagesOfTenant, _slotsOfTenant);

            // 3.
            IReadOnlyList<SwapWorker> warm = await WarmUpAsync(links, corpus, survey.MeanZpageBytes);

            (MemoryFigures? memory, IReadOnlyList<string>? violations) =
                await RunPhasesAsync(links, workers, statistics, survey.MeanZpageBytes, embedded is not null);
            return new RunRecord
            {
                Options = _options,
                StartedUtc = started,
                ServerAddress = address,
                EmbeddedLimit = embedded?.Limit,
                AreaSlots = _slotsOfTenant,
                Pages = Pages,
                Corpus = corpus,
                Survey = survey,
                Phases = _phases.Results,
                Memory = memory,
                Spill = _spill,
                Verdict = Verdict.Of([.. workers.Concat(warm).Select(worker => (worker.Verifier, worker.Ledger))]),
                ServerViolations = violations,
                Interrupted = _control.WasInterrupted,
                GaveUp = _control.GaveUp,
                TimerLateness = _options.RatePagesPerSecond is null ? null : _runner.TimerLateness.Percentile(50),
            };
        }
        finally
        {
            foreach (TenantLink link in links)
            {
                await link.DisposeAsync();
            }
        }
    }

    // An area of a running server may be somebody's swap device: nothing there is overwritten unasked.
    private async Task ClaimAreasAsync(List<TenantLink> links, StatisticsReader statistics)
    {
        if (_options.Server is null)
        {
            return;
        }

        if (!_options.Overwrite)
        {
            ServerSnapshot? now = await statistics.TryReadAsync();
            if (now is not { StoredPages: 0 })
            {
                string found = now is null
                    ? $"the server does not say whether tenant '{string.Join("', '", _options.Tenants)}' stores pages "
                        + $"({statistics.Failure})"
                    : $"tenant '{string.Join("', '", _options.Tenants)}' stores {now.StoredPages} pages";
                throw new RunFailedException(
                    ExitCode.Failed,
                    $"{found}, and a run overwrites and empties area {_options.Area}. Use a tenant of its own, or pass "
                    + "--overwrite if what is in that area may go.");
            }
        }

        foreach (TenantLink link in links)
        {
            await link.Target.InvalidateAllAsync(CancellationToken.None);
        }
    }

    private PageCorpus CollectPages()
    {
        _view.Note("collecting pages");
        int wanted = (int)Math.Min(Pages, Math.Max(1_024, _availableBytes / 8 / PageSize.Bytes));
        IReadOnlyList<IPageSource> sources = SourceOpener.Open(_options.Sources, _random.Fork());
        try
        {
            PageCorpus corpus = CorpusBuilder.Build(sources, wanted, _control.Stop);
            return corpus.Count > 0
                ? corpus
                : throw new SourceUnavailableException(
                    $"the sources ({string.Join(", ", _options.Sources)}) have no page. Give others with --source.",
                    isPermission: false);
        }
        finally
        {
            foreach (IPageSource source in sources)
            {
                source.Dispose();
            }
        }
    }

    private IReadOnlyList<SwapWorker> CreateWorkers(
        List<TenantLink> links, PageCorpus corpus, long pagesOfTenant, long slotsOfTenant) => WorkerFleet.Create(
            _options, links, corpus, pagesOfTenant, slotsOfTenant, _random.Fork(), _clock, _control);

    // Compiles the code paths of both ends. Few pages, so that the server keeps next to no memory from them.
    private async Task<IReadOnlyList<SwapWorker>> WarmUpAsync(
        List<TenantLink> links, PageCorpus corpus, int meanZpageBytes)
    {
        const int MaxWarmPages = 512;
        const int ReadPercent = 50;
        _view.Note("warming up");
        long pages = Math.Clamp(_pagesOfTenant / 64, 1, MaxWarmPages / links.Count);
        IReadOnlyList<SwapWorker> workers = CreateWorkers(links, corpus, pages, pages);
        PhaseRunner quiet = new(_clock, new SilentView(), ratePagesPerSecond: null);
        int batch = _options.BatchPages;
        await quiet.RunAsync(new StorePhase(), workers);
        await quiet.RunAsync(
            new MixedPhase(ReadPercent, DistributionKind.Uniform, 1, duration: null, Math.Min(Pages, WarmUpCallPages)),
            workers);
        PingShape shape = new(batch, meanZpageBytes, batch, meanZpageBytes);
        await quiet.RunAsync(new PingPhase("ping", shape, PingDuration / 4), workers);
        await quiet.RunAsync(new InvalidatePhase(), workers);
        return workers;
    }

    private async Task<(MemoryFigures? Memory, IReadOnlyList<string>? Violations)> RunPhasesAsync(
        IReadOnlyList<TenantLink> links,
        IReadOnlyList<SwapWorker> workers,
        StatisticsReader statistics,
        int meanZpageBytes,
        bool embedded)
    {
        int batch = _options.BatchPages;

        // 4.
        await PingAsync(PhaseNames.PingStore, new PingShape(batch, meanZpageBytes, 0, 0), workers);
        await PingAsync(PhaseNames.PingLoad, new PingShape(0, 0, batch, meanZpageBytes), workers);

        // 5. Garbage of the steps before must not make room for what the store phase takes.
        if (embedded)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        ServerSnapshot? before = await statistics.TryReadAsync();
        await RunAsync(new StorePhase(), PhaseNames.Store, loads: null, workers);
        ServerSnapshot? after = await statistics.TryReadAsync();

        // 6.
        await RunAsync(new LoadPhase(), stores: null, PhaseNames.Load, workers);
        ServerSnapshot? loaded = await statistics.TryReadAsync();

        // 7.
        MixedPhase mixed = new(
            _options.ReadPercent,
            _options.Distribution,
            _options.HotPercent,
            _options.Duration,
            _options.MixedPages ?? 0);
        await RunAsync(mixed, PhaseNames.MixedStore, PhaseNames.MixedLoad, workers);

        if (_options.SpillFolder is not null && before is not null && after is not null && loaded is not null)
        {
            _view.Note("reclaiming all memory");
            long start = _clock.GetTimestamp();
            long frames = 0;
            foreach (TenantLink link in links)
            {
                frames += await link.ReclaimAllAsync();
            }

            _spill = new SpillFigures(
                _raw,
                before,
                after,
                ElapsedOf(PhaseNames.Store),
                loaded,
                ElapsedOf(PhaseNames.Load),
                frames,
                _clock.GetElapsedTime(start));
        }

        // 8.
        _view.Note("the server checks its books");
        IReadOnlyList<string>? violations = await statistics.TryCheckInvariantsAsync();

        // 9.
        await RunAsync(new InvalidatePhase(), PhaseNames.Invalidate, loads: null, workers);
        if (workers.All(worker => worker.Stores.FailedCalls == 0))
        {
            foreach (SwapWorker worker in workers)
            {
                worker.Ledger.Clear();
            }

            await _runner.RunAsync(new EmptyCheckPhase(), workers);
        }

        return (before is null || after is null ? null : new MemoryFigures(before, after), violations);
    }

    private TimeSpan ElapsedOf(string phase) => _phases.Results.Single(result => result.Name == phase).Elapsed;

    private Task PingAsync(string name, PingShape shape, IReadOnlyList<SwapWorker> workers) => RunAsync(
        new PingPhase(name.Replace('_', ' '), shape, PingDuration), stores: null, loads: name, workers);

    private async Task RunAsync(IWorkPhase phase, string? stores, string? loads, IReadOnlyList<SwapWorker> workers)
    {
        (TimeSpan elapsed, IReadOnlyList<TimelinePoint> timeline) = await _runner.RunAsync(phase, workers);
        _phases.Add(stores, workers.Select(worker => worker.Stores), elapsed, timeline);
        _phases.Add(loads, workers.Select(worker => worker.Loads), elapsed, timeline);
    }
}
