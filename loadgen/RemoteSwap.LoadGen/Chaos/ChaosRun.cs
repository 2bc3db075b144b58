using RemoteSwap.LoadGen.Bench;
using RemoteSwap.LoadGen.Chaos.Faults;
using RemoteSwap.LoadGen.Chaos.Load;
using RemoteSwap.LoadGen.Chaos.Options;
using RemoteSwap.LoadGen.Chaos.Processes;
using RemoteSwap.LoadGen.Sources;
using RemoteSwap.LoadGen.Verification.Histories;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Chaos;

/// <summary>
/// One chaos run. Steps: (1) a server, a proxy before it, and a first owner; (2) workers begin; (3) one fault after the
/// other until the time is over; (4) workers end; (5) every slot is loaded once more. Used once.
/// </summary>
/// <param name="options">What to do.</param>
/// <param name="view">Shows what goes on.</param>
/// <param name="clock">The clock.</param>
/// <param name="wrap">Puts something between the workers and the client, for tests.</param>
internal sealed class ChaosRun(
    ChaosOptions options, BenchView view, TimeProvider clock, Func<ISwapTarget, ISwapTarget> wrap)
{
    private const int CorpusPages = 1_024;

    // All slots many times over; with a spill file a quarter of them, and no less than a server takes.
    private const long LimitBytes = 1L << 30;
    private const long BytesOfAPage = 2048;
    private const long LeastLimitBytes = 1L << 20;

    // How long a fault waits for memory to overflow, and how often it looks.
    private static readonly TimeSpan s_mostOverflow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_overflowStep = TimeSpan.FromMilliseconds(20);

    private readonly SeededRandom _random = new(options.Seed);
    private readonly AreaHistory _history = new(options.Slots, clock, mayRefuse: options.Spill);
    private readonly List<FaultResult> _faults = [];

    /// <summary>Does it.</summary>
    /// <exception cref="ChaosFailedException">It can not be done.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<ChaosRecord> RunAsync(CancellationToken ct)
    {
        ChaosBed bed = new(_history, new StampedPages(CollectPages(ct)), clock);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("remoteswap-chaos-");
        try
        {
            // 1.
            string socketPath = Path.Combine(directory.FullName, "pages.sock");
            view.Step("starting a server");
            await using ChaosServer server =
                await ChaosServer.StartAsync(socketPath, SettingsOf(directory), ct);
            await using FaultyProxy proxy = new(socketPath);
            await using AreaOwners owners = new(proxy.Address, options.CallDeadline, _history, clock, wrap);
            await owners.AttachAsync(ct);

            // 2.
            FaultDoer doer = new(bed, server, proxy, owners);
            using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(ct);
            Task work = Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ =>
                new ChaosWorker(bed, owners, options.Slots, _random.Fork()).RunAsync(over.Token)).ToArray());

            // 3.
            try
            {
                await DoFaultsAsync(bed, doer, work, ct);
            }
            finally
            {
                // 4.
                await over.CancelAsync();
                view.Step("waiting for the last calls");
                await work;
            }

            // 5.
            view.Step("loading every slot");
            await LoadAllAsync(bed, owners.Current);
            return new ChaosRecord(
                options,
                _faults,
                bed.Outcomes.ToSorted(),
                _history.Judged,
                _history.NotJudged,
                _history.Wrong,
                _history.Violations)
            {
                KeptPages = doer.KeptPages,
            };
        }
        finally
        {
            view.Clear();
            directory.Delete(recursive: true);
        }
    }

    private IEnumerable<string> SettingsOf(DirectoryInfo directory)
    {
        yield return FormattableString.Invariant($"--Store:Lease={(long)options.Lease.TotalMilliseconds}ms");
        if (!options.Spill)
        {
            yield return FormattableString.Invariant($"--Store:Limit={LimitBytes}");
            yield break;
        }

        long limit = Math.Max(LeastLimitBytes, options.Slots * BytesOfAPage / 4);
        yield return FormattableString.Invariant($"--Store:Limit={limit}");
        yield return $"--Spill:Path={Path.Combine(directory.FullName, "spill")}";
        yield return FormattableString.Invariant($"--Spill:Limit={LimitBytes}");
        yield return $"--State:Folder={directory.CreateSubdirectory("state").FullName}";
    }

    private PageCorpus CollectPages(CancellationToken ct)
    {
        IReadOnlyList<IPageSource> sources = RuntimeFiles.Open(_random.Fork()).ToArray();
        try
        {
            return CorpusBuilder.Build(sources, CorpusPages, ct);
        }
        finally
        {
            foreach (IPageSource source in sources)
            {
                source.Dispose();
            }
        }
    }

    private async Task DoFaultsAsync(ChaosBed bed, FaultDoer doer, Task work, CancellationToken ct)
    {
        FaultSchedule schedule = new(_random.Fork(), options.CallDeadline, onlyKills: options.Kills > 0);
        long start = clock.GetTimestamp();
        await bed.Successes.NextAsync().WaitAsync(TimeSpan.FromMinutes(1), clock, ct);
        while (options.Kills > 0
            ? _faults.Count < options.Kills
            : _faults.Count < FaultSchedule.LeastFaults || clock.GetElapsedTime(start) < options.Duration)
        {
            Fault fault = schedule.Next();
            view.Step($"{FaultNames.Of(fault.Kind)} next");
            await WaitAsync(fault.QuietBefore, work, ct);
            if (options.Spill && _faults.Count % 2 == 0)
            {
                await OverflowAsync(bed, work, ct);
            }

            TimeSpan at = clock.GetElapsedTime(start);
            (TimeSpan? stall, string remark) = await doer.DoAsync(fault, ct);
            FaultResult result = new(fault, at, stall, remark);
            _faults.Add(result);
            view.Note(FaultNames.Describe(result));
            if (stall is null)
            {
                return;
            }
        }
    }

    private async Task WaitAsync(TimeSpan time, Task work, CancellationToken ct)
    {
        await Task.WhenAny(Task.Delay(time, clock, ct), work);
        if (work.IsFaulted)
        {
            // A worker that fails is a bug of this program.
            await work;
        }

        ct.ThrowIfCancellationRequested();
    }

    // A kill shows nothing of a file in which nothing is yet, and on a slow machine none ever would be. So every second
    // one waits, a minute at most, until as many pages were stored as half of the slots; the others come as they come.
    private async Task OverflowAsync(ChaosBed bed, Task work, CancellationToken ct)
    {
        long enough = bed.Outcomes.Of(ChaosCalls.PageStored) + (options.Slots / 2);
        long start = clock.GetTimestamp();
        while (bed.Outcomes.Of(ChaosCalls.PageStored) < enough && clock.GetElapsedTime(start) < s_mostOverflow)
        {
            await WaitAsync(s_overflowStep, work, ct);
        }
    }

    private async Task LoadAllAsync(ChaosBed bed, AreaOwner owner)
    {
        ChaosCalls calls = new(bed);
        ulong[] slots = [.. Enumerable.Range(0, options.Slots).Select(slot => (ulong)slot)];
        for (int first = 0; first < slots.Length; first += ChaosCalls.MaxPages)
        {
            await calls.LoadAsync(owner, slots.AsMemory(first, Math.Min(ChaosCalls.MaxPages, slots.Length - first)));
        }
    }
}
