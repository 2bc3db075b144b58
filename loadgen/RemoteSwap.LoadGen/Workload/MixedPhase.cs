using RemoteSwap.LoadGen.Distributions;
using RemoteSwap.LoadGen.Options;
using RemoteSwap.LoadGen.Progress;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>
/// Loads and stores mixed, over all slots, in the order that a distribution gives. A store always brings another page
/// than the slot holds, so that a load which answers with the page before is seen.
/// </summary>
internal sealed class MixedPhase : IWorkPhase
{
    // Draws for one place of a batch, before a store makes do with a smaller batch: a slot stands in it once.
    private const int MaxSlotDraws = 16;

    // Draws for a source page with other bytes; with real pages the first one nearly always is.
    private const int MaxPageDraws = 64;

    private readonly int _readPercent;
    private readonly DistributionKind _distribution;
    private readonly int _hotPercent;
    private readonly long _pages;
    private long _startedPages;

    /// <summary>Creates the phase.</summary>
    /// <param name="readPercent">Loads of a hundred calls.</param>
    /// <param name="distribution">Order of slots.</param>
    /// <param name="hotPercent">Hot share for a scan.</param>
    /// <param name="duration">Length; null where <paramref name="pages"/> bounds it.</param>
    /// <param name="pages">Pages; not used where <paramref name="duration"/> bounds it.</param>
    public MixedPhase(int readPercent, DistributionKind distribution, int hotPercent, TimeSpan? duration, long pages)
    {
        _readPercent = readPercent;
        _distribution = distribution;
        _hotPercent = hotPercent;
        Duration = duration;
        _pages = pages;
    }

    /// <inheritdoc/>
    public string Title => "mixed";

    /// <inheritdoc/>
    public TimeSpan? Duration { get; }

    /// <inheritdoc/>
    public bool IsPaced => true;

    /// <inheritdoc/>
    public long CountPages(IEnumerable<SwapWorker> workers) => Duration is null ? _pages : 0;

    /// <inheritdoc/>
    public async Task RunAsync(SwapWorker worker, PhaseProgress progress)
    {
        WorkerSetup setup = worker.Setup;
        ISlotDistribution slots = SlotDistribution.Create(_distribution, setup.Plan.Slots, _hotPercent, setup.Random);
        HashSet<int> staged = new(setup.BatchPages);
        long start = setup.Clock.GetTimestamp();
        while (!setup.Control.IsStopping && TakeBatch(setup, start) is int count and > 0)
        {
            if (setup.Random.Next(100) < _readPercent)
            {
                for (int i = 0; i < count; i++)
                {
                    worker.StageLoad(slots.Next());
                }

                await worker.LoadStagedAsync(progress);
            }
            else
            {
                StageStores(worker, slots, staged, count);
                await worker.StoreStagedAsync(progress);
            }
        }
    }

    // Pages of the worker's next call; 0: the phase is over.
    private int TakeBatch(WorkerSetup setup, long start)
    {
        if (Duration is TimeSpan duration)
        {
            return setup.Clock.GetElapsedTime(start) < duration ? setup.BatchPages : 0;
        }

        long left = _pages - (Interlocked.Add(ref _startedPages, setup.BatchPages) - setup.BatchPages);
        return (int)Math.Clamp(left, 0, setup.BatchPages);
    }

    private static void StageStores(SwapWorker worker, ISlotDistribution slots, HashSet<int> staged, int count)
    {
        staged.Clear();
        for (int draws = 0; staged.Count < count && draws < count * MaxSlotDraws; draws++)
        {
            int slot = slots.Next();
            if (staged.Add(slot))
            {
                worker.StageStore(slot, OtherPage(worker, worker.Ledger.PageOf(slot)));
            }
        }
    }

    private static int OtherPage(SwapWorker worker, int held)
    {
        WorkerSetup setup = worker.Setup;
        int page = setup.Random.Next(setup.Corpus.Count);
        if (held < 0)
        {
            return page;
        }

        // Where all pages are alike there is no other one.
        for (int draw = 0; draw < MaxPageDraws && IsSame(setup, page, held); draw++)
        {
            page = setup.Random.Next(setup.Corpus.Count);
        }

        return page;
    }

    private static bool IsSame(WorkerSetup setup, int page, int held) =>
        page == held || setup.Corpus.Page(page).SequenceEqual(setup.Corpus.Page(held));
}
