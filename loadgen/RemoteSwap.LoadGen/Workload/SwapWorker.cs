using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Latency;
using RemoteSwap.LoadGen.Progress;
using RemoteSwap.LoadGen.Telemetry;
using RemoteSwap.LoadGen.Verification;

namespace RemoteSwap.LoadGen.Workload;

/// <summary>
/// One worker: owns a range of slots, has one call on the way, and knows what must be in each of its slots. Stages a
/// batch of pages or slots in its own buffers, makes the call, writes down the outcomes and lets the verifier look at
/// what came back. Allocates nothing for a page. Phases say what it stages; it is used by one task at a time.
/// </summary>
internal sealed class SwapWorker
{
    private readonly WorkerSetup _setup;
    private readonly ulong[] _slots;
    private readonly int[] _localSlots;
    private readonly int[] _pages;
    private readonly byte[] _bytes;
    private int _staged;

    /// <summary>Creates a worker.</summary>
    /// <param name="setup">What it works with.</param>
    public SwapWorker(WorkerSetup setup)
    {
        _setup = setup;
        _slots = new ulong[setup.BatchPages];
        _localSlots = new int[setup.BatchPages];
        _pages = new int[setup.BatchPages];
        _bytes = new byte[setup.BatchPages * PageSize.Bytes];
        Ledger = new SlotLedger(setup.Plan.Slots);
        Verifier = new PageVerifier(setup.Corpus, Ledger, setup.Tenant, setup.Plan.FirstSlot);
    }

    /// <summary>What it works with.</summary>
    public WorkerSetup Setup => _setup;

    /// <summary>What must be in its slots.</summary>
    public SlotLedger Ledger { get; }

    /// <summary>Looks at what comes back.</summary>
    public PageVerifier Verifier { get; }

    /// <summary>Its stores of the current phase.</summary>
    public CallTally Stores { get; private set; } = new();

    /// <summary>Its loads, or pings, of the current phase.</summary>
    public CallTally Loads { get; private set; } = new();

    /// <summary>When its calls start; null: each when the one before has ended.</summary>
    public OpenLoopSchedule? Schedule { get; private set; }

    /// <summary>Pages staged for the next call.</summary>
    public int Staged => _staged;

    /// <summary>Begins a phase: nothing counted, nothing staged.</summary>
    /// <param name="schedule">When its calls start; null: closed loop.</param>
    public void BeginPhase(OpenLoopSchedule? schedule)
    {
        Stores = new CallTally();
        Loads = new CallTally();
        Schedule = schedule;
        _staged = 0;
    }

    /// <summary>Stages a page to store.</summary>
    /// <param name="slot">The slot, counted from the worker's first; at most once in a batch.</param>
    /// <param name="page">The source page.</param>
    public void StageStore(int slot, int page)
    {
        _pages[_staged] = page;
        _setup.Corpus.Page(page).CopyTo(_bytes.AsSpan(_staged * PageSize.Bytes));
        StageLoad(slot);
    }

    /// <summary>Stages a slot to load.</summary>
    /// <param name="slot">The slot, counted from the worker's first.</param>
    public void StageLoad(int slot)
    {
        _localSlots[_staged] = slot;
        _slots[_staged] = _setup.Plan.FirstSlot + (ulong)slot;
        _staged++;
    }

    /// <summary>Stores what is staged; nothing is staged afterwards.</summary>
    public async ValueTask StoreStagedAsync(PhaseProgress progress)
    {
        int count = TakeStaged();
        if (await WaitForStartAsync() is not long start)
        {
            return;
        }

        try
        {
            StoreOutcome[] outcomes = await _setup.Target.StoreAsync(
                _slots.AsMemory(0, count), _bytes.AsMemory(0, count * PageSize.Bytes), CancellationToken.None);
            TimeSpan elapsed = _setup.Clock.GetElapsedTime(start);
            Stores.Answered(count, elapsed);
            Ended(CallNames.Store, WriteDown(outcomes.AsSpan(0, count)), elapsed);
        }
        catch (RemoteSwapException failure)
        {
            Failed(Stores, CallNames.Store, failure, start);
            for (int i = 0; i < count; i++)
            {
                Ledger.StoreInDoubt(_localSlots[i], _pages[i]);
            }

            await _setup.Control.CallFailedAsync(failure, _setup.Clock);
        }

        progress.Add(count);
    }

    /// <summary>Loads what is staged and verifies it; nothing is staged afterwards.</summary>
    public async ValueTask LoadStagedAsync(PhaseProgress progress)
    {
        int count = TakeStaged();
        if (await WaitForStartAsync() is not long start)
        {
            return;
        }

        try
        {
            LoadOutcome[] outcomes = await _setup.Target.LoadAsync(
                _slots.AsMemory(0, count), _bytes.AsMemory(0, count * PageSize.Bytes), CancellationToken.None);
            TimeSpan elapsed = _setup.Clock.GetElapsedTime(start);
            Loads.Answered(count, elapsed);
            Ended(CallNames.Load, Verify(outcomes.AsSpan(0, count)), elapsed);
        }
        catch (RemoteSwapException failure)
        {
            Failed(Loads, CallNames.Load, failure, start);
            await _setup.Control.CallFailedAsync(failure, _setup.Clock);
        }

        progress.Add(count);
    }

    /// <summary>Sends a message of the shape of a batch; counts as loads.</summary>
    public async ValueTask PingAsync(PingShape shape, PhaseProgress progress)
    {
        int pages = Math.Max(shape.StorePages, shape.LoadPages);
        long start = _setup.Clock.GetTimestamp();
        try
        {
            await _setup.Target.PingAsync(shape, CancellationToken.None);
            TimeSpan elapsed = _setup.Clock.GetElapsedTime(start);
            Loads.Answered(pages, elapsed);
            Ended(CallNames.Ping, areAllThere: true, elapsed);
        }
        catch (RemoteSwapException failure)
        {
            Failed(Loads, CallNames.Ping, failure, start);
            await _setup.Control.CallFailedAsync(failure, _setup.Clock);
        }

        progress.Add(pages);
    }

    /// <summary>Empties the whole area; counts as stores. The caller clears the ledgers of all its owners.</summary>
    public async ValueTask InvalidateAllAsync(PhaseProgress progress)
    {
        long start = _setup.Clock.GetTimestamp();
        try
        {
            ulong pages = await _setup.Target.InvalidateAllAsync(CancellationToken.None);
            TimeSpan elapsed = _setup.Clock.GetElapsedTime(start);
            Stores.Answered((long)pages, elapsed);
            Ended(CallNames.Invalidate, areAllThere: true, elapsed);
            progress.Add((long)pages);
        }
        catch (RemoteSwapException failure)
        {
            Failed(Stores, CallNames.Invalidate, failure, start);
            await _setup.Control.CallFailedAsync(failure, _setup.Clock);
        }
    }

    private void Ended(string operation, bool areAllThere, TimeSpan elapsed) =>
        _setup.Meter.Ended(operation, areAllThere ? CallNames.Answered : CallNames.Refused, elapsed);

    private void Failed(CallTally tally, string operation, RemoteSwapException failure, long start)
    {
        tally.Failed(failure);
        _setup.Meter.Ended(operation, CallNames.Failed, _setup.Clock.GetElapsedTime(start));
    }

    private int TakeStaged()
    {
        int count = _staged;
        _staged = 0;
        return count;
    }

    // Null: the run ends before the call's turn has come.
    private async ValueTask<long?> WaitForStartAsync()
    {
        if (Schedule is null)
        {
            return _setup.Clock.GetTimestamp();
        }

        try
        {
            return await Schedule.WaitForNextAsync(_setup.Control.Stop);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    // Whether all pages were taken.
    private bool WriteDown(ReadOnlySpan<StoreOutcome> outcomes)
    {
        bool areAllThere = true;
        for (int i = 0; i < outcomes.Length; i++)
        {
            areAllThere &= outcomes[i] is StoreOutcome.Stored or StoreOutcome.SameFilled;
            switch (outcomes[i])
            {
                case StoreOutcome.Stored or StoreOutcome.SameFilled:
                    Ledger.Stored(_localSlots[i], _pages[i]);
                    break;
                case StoreOutcome.Stale:
                    // No effect, so the slot keeps what it has; only after a failed call may this happen.
                    Stores.PageRefused(outcomes[i]);
                    break;
                case StoreOutcome.Invariant or StoreOutcome.None:
                    Stores.PageRefused(outcomes[i]);
                    Ledger.StoreInDoubt(_localSlots[i], _pages[i]);
                    break;
                default:
                    Stores.PageRefused(outcomes[i]);
                    Ledger.Emptied(_localSlots[i]);
                    break;
            }
        }

        return areAllThere;
    }

    // Whether all pages could be read; an empty slot can.
    private bool Verify(ReadOnlySpan<LoadOutcome> outcomes)
    {
        bool areAllThere = true;
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is LoadOutcome.IoError or LoadOutcome.Invariant or LoadOutcome.None)
            {
                Loads.PageUnreadable(outcomes[i]);
            }

            areAllThere &= outcomes[i] is LoadOutcome.Loaded or LoadOutcome.NotFound;
            Verifier.Check(_localSlots[i], outcomes[i], _bytes.AsSpan(i * PageSize.Bytes, PageSize.Bytes));
        }

        return areAllThere;
    }
}
