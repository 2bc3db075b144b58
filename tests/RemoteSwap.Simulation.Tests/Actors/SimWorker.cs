using RemoteSwap.Client;
using RemoteSwap.Simulation.Judge;
using RemoteSwap.Simulation.World;

namespace RemoteSwap.Simulation.Actors;

/// <summary>Does one thing after the other to a few slots, of every kind that the library has.</summary>
internal sealed class SimWorker(
    SimWorld world, History history, AttachedArea area, Tenure tenure, Func<bool> isAlive)
{
    // Three leaves of one slab, and a leaf of another.
    private static readonly ulong[] s_slots =
        [0, 1, 2, 255, 256, 257, 600, 601, 16_384, 16_385, 16_386, 16_387];

    private readonly Random _random = world.Scheduler.Random;

    /// <summary>The slots that are worked on.</summary>
    public static IReadOnlyList<ulong> Slots => s_slots;

    /// <summary>Whether an answer said that the area is somebody else's.</summary>
    public bool IsFenced { get; private set; }

    /// <summary>Does something, and waits for it.</summary>
    public Task DoSomethingAsync()
    {
        bool empties = !world.Plan.IsOrdered;
        return _random.Next(100) switch
        {
            < 25 => StoreAsync(AnySlot()),
            < 40 => StoreManyAsync(),
            < 55 => LoadAsync(AnySlot()),
            < 65 => LoadManyAsync(LoadMode.Keep),
            < 78 => BurstAsync(AnySlot()),
            < 82 when empties => LoadManyAsync(LoadMode.TakeOver),
            < 90 when empties => InvalidateAsync(AnySlot()),
            < 94 when empties => InvalidateRangeAsync(),
            < 95 when empties => InvalidateRangeAsync(all: true),
            _ => LoadAsync(AnySlot()),
        };
    }

    private ulong AnySlot() => s_slots[_random.Next(s_slots.Length)];

    private ulong[] SomeSlots() =>
        [.. s_slots.OrderBy(_ => _random.Next()).Take(1 + _random.Next(s_slots.Length))];

    private PageContent NewPage(ulong slot) => history.NewPage(slot, (PageLook)_random.Next(4));

    // Several calls for one slot at once: they keep their order.
    private Task BurstAsync(ulong slot)
    {
        List<Task> calls = [];
        for (int i = 0; i < 3; i++)
        {
            calls.Add(_random.Next(2) == 0 ? StoreAsync(slot) : LoadAsync(slot));
        }

        return SimTasks.WhenAll(calls);
    }

    private async Task StoreAsync(ulong slot)
    {
        PageContent page = NewPage(slot);
        Change change = history.Begin(slot, tenure, page.Number, isSingle: true);
        await EndAsync([change], async () => [await area.Pages.StoreAsync(slot, page.Bytes())]);
    }

    private async Task StoreManyAsync()
    {
        ulong[] slots = SomeSlots();
        PageContent[] pages = [.. slots.Select(NewPage)];
        Change[] changes = [.. slots.Zip(pages, (slot, page) => history.Begin(slot, tenure, page.Number))];
        StoreMode mode = _random.Next(4) == 0 && !world.Plan.IsOrdered ? StoreMode.AllOrNothing : StoreMode.EachPage;
        await EndAsync(
            changes,
            async () => await area.Pages.StoreAsync(slots, pages.SelectMany(page => page.Bytes()).ToArray(), mode));
    }

    private async Task EndAsync(Change[] changes, Func<Task<StoreOutcome[]>> store)
    {
        try
        {
            StoreOutcome[] outcomes = await store();
            for (int i = 0; i < changes.Length && isAlive(); i++)
            {
                End(changes[i], outcomes[i]);
            }
        }
        catch (RemoteSwapException failure)
        {
            Fail(changes, failure);
        }
    }

    private void End(Change change, StoreOutcome outcome)
    {
        IsFenced |= outcome == StoreOutcome.Fenced;
        switch (outcome)
        {
            case StoreOutcome.Stored or StoreOutcome.SameFilled:
                history.End(change, ChangeState.Stored);
                break;
            case StoreOutcome.Stale or StoreOutcome.Fenced:
                history.End(change, ChangeState.Unknown);
                break;
            case StoreOutcome.Invariant or StoreOutcome.None:
                throw new SimViolationException($"{change}: {outcome}");
            case StoreOutcome.BatchAborted:
                history.End(change, ChangeState.Emptied);
                break;
            default:
                bool mayBeRefused = world.Plan.IsTight || world.Plan.RejectsIncompressible;
                history.End(
                    change,
                    mayBeRefused ? ChangeState.Emptied : throw new SimViolationException($"{change}: {outcome}"));
                break;
        }
    }

    private async Task LoadAsync(ulong slot)
    {
        Reading reading = history.BeginReading(slot, tenure, isSingle: true);
        byte[] page = new byte[4096];
        try
        {
            LoadOutcome outcome = await area.Pages.LoadAsync(slot, page);
            if (isAlive())
            {
                End(reading, outcome, page, mode: LoadMode.Keep);
            }
        }
        catch (RemoteSwapException failure)
        {
            Fail([], failure);
        }
    }

    private async Task LoadManyAsync(LoadMode mode)
    {
        ulong[] slots = SomeSlots();
        Reading[] readings = [.. slots.Select(slot => history.BeginReading(slot, tenure, isSingle: false))];

        // Until it is known which page it took: an invalidation of any.
        Change[] changes = mode == LoadMode.Keep
            ? []
            : [.. slots.Select(slot => history.Begin(slot, tenure, page: 0, takesOver: true))];
        byte[] pages = new byte[slots.Length * 4096];
        try
        {
            LoadOutcome[] outcomes = await area.Pages.LoadAsync(slots, pages, mode);
            for (int i = 0; i < slots.Length && isAlive(); i++)
            {
                End(readings[i], outcomes[i], pages.AsSpan(i * 4096, 4096), mode);
            }

            if (isAlive())
            {
                Array.ForEach(changes, history.Withdraw);
            }
        }
        catch (RemoteSwapException failure)
        {
            Fail(changes, failure);
        }
    }

    private void End(Reading reading, LoadOutcome outcome, ReadOnlySpan<byte> bytes, LoadMode mode)
    {
        IsFenced |= outcome == LoadOutcome.Fenced;
        int page = history.End(reading, outcome, bytes);
        if (mode == LoadMode.TakeOver && page != 0)
        {
            history.TakenOver(reading, page);
        }
    }

    private async Task InvalidateAsync(ulong slot)
    {
        Change change = history.Begin(slot, tenure, page: 0);
        try
        {
            InvalidateOutcome outcome = await area.Pages.InvalidateAsync(slot);
            IsFenced |= outcome == InvalidateOutcome.Fenced;
            if (isAlive())
            {
                bool isDone = outcome is InvalidateOutcome.Invalidated or InvalidateOutcome.NotFound;
                history.End(change, isDone ? ChangeState.Emptied : ChangeState.Unknown);
            }
        }
        catch (RemoteSwapException failure)
        {
            Fail([change], failure);
        }
    }

    private async Task InvalidateRangeAsync(bool all = false)
    {
        ulong first = all ? 0 : AnySlot();
        ulong count = all ? area.Slots : (ulong)(1 + _random.Next(_random.Next(2) == 0 ? 300 : 20_000));
        Change[] changes =
        [
            .. s_slots.Where(slot => slot >= first && slot - first < count)
                .Select(slot => history.Begin(slot, tenure, page: 0)),
        ];
        try
        {
            _ = all ? await area.Pages.InvalidateAllAsync() : await area.Pages.InvalidateRangeAsync(first, count);
            for (int i = 0; i < changes.Length && isAlive(); i++)
            {
                history.End(changes[i], ChangeState.Emptied);
            }
        }
        catch (RemoteSwapException failure)
        {
            Fail(changes, failure);
        }
    }

    private void Fail(Change[] changes, RemoteSwapException failure)
    {
        IsFenced |= failure.Error == RemoteSwapError.Fenced;

        // Who waits for the server is not told that it is away: what was not answered is sent again until its time is
        // up.
        bool isAllowed = (failure.Error == RemoteSwapError.Unavailable && !world.Plan.WaitsForServer)
            || failure.Error is RemoteSwapError.DeadlineExceeded or RemoteSwapError.Cancelled
                or RemoteSwapError.Fenced
            || (world.Plan.FlipsBits && failure.Error is RemoteSwapError.Protocol or RemoteSwapError.Server
                or RemoteSwapError.InvalidRequest or RemoteSwapError.NotFound or RemoteSwapError.PermissionDenied);
        if (isAlive() && !isAllowed)
        {
            throw new SimViolationException($"{failure.Error}: {failure.Message}");
        }

        Array.ForEach(changes, change => history.End(change, ChangeState.Unknown));
    }
}
