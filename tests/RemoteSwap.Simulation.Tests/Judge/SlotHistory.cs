using RemoteSwap.Client;
using RemoteSwap.Simulation.World;

namespace RemoteSwap.Simulation.Judge;

/// <summary>
/// The history of one slot and what may be answered to a load of it: C1 and C4 of the contract, written down without
/// any knowledge of generations, epochs or records.
/// <para>
/// Changes are ordered by when they were begun. A change whose effect is known, and that ended before a load began,
/// hides all changes that were begun before it; so does a page that a load has returned.
/// </para>
/// </summary>
internal sealed class SlotHistory(SimWorld world, ulong slot)
{
    private readonly List<Change> _changes = [];
    private readonly List<(long At, Change Seen)> _seen = [];
    private readonly List<(Reading Reading, Change? Seen)> _orderly = [];

    public IReadOnlyList<Change> Changes => _changes;

    public void Add(Change change) => _changes.Add(change);

    /// <summary>A change turned out to be none.</summary>
    public void Remove(Change change) => _changes.Remove(change);

    /// <summary>A change has ended: judges what earlier loads must have seen.</summary>
    public void Settle(Change change)
    {
        if (!world.Plan.IsOrdered || !change.IsSingle || change.State != ChangeState.Stored)
        {
            return;
        }

        foreach ((Reading reading, Change? seen) in _orderly)
        {
            if (reading.Session == change.Session && change.Order < reading.Order
                && (seen is null || seen.Order < change.Order))
            {
                throw Violation(
                    reading, $"{change} was begun before it on the same lane and stored, and it saw {seen}");
            }
        }
    }

    /// <summary>Judges a load that found a page.</summary>
    /// <param name="reading">The load.</param>
    /// <param name="page">The page's number.</param>
    /// <param name="isForeign">Whether a change is of a session that another one had fenced when it was begun.</param>
    public void JudgePage(Reading reading, int page, Func<Change, bool> isForeign)
    {
        Change? store = _changes.Find(change => change.Page == page);
        if (store is null || store.Begun > reading.Ended)
        {
            throw Violation(reading, $"page {page} was never stored here");
        }

        if (isForeign(store))
        {
            throw Violation(reading, $"{store} was begun when this session owned the area already");
        }

        if (store.State == ChangeState.Emptied && store.Ended < reading.Begun)
        {
            throw Violation(reading, $"{store} was refused");
        }

        if (Newest(reading, except: store) is { } newest && newest.Order > store.Order)
        {
            throw Violation(reading, $"{store} is older than {newest}");
        }

        _seen.Add((reading.Ended, store));
        JudgeOrder(reading, store);
    }

    /// <summary>Judges a load that found none.</summary>
    public void JudgeNoPage(Reading reading)
    {
        Change? newest = Newest(reading);
        bool mayBeEmptied = _changes.Exists(change =>
            change.Begun < reading.Ended
            && (newest is null || change.Order > newest.Order
                || (change.TakesOver && change.Ended > newest.Begun))
            && (!change.IsStore || change.State != ChangeState.Stored));
        if (reading.Outcome == LoadOutcome.NotFound && newest is { IsStore: true, State: not ChangeState.Emptied }
            && !mayBeEmptied)
        {
            throw Violation(reading, $"{newest} is stored and nothing has emptied the slot");
        }

        bool isStored = newest is { IsStore: true, State: not ChangeState.Emptied };
        bool mayBeLost = world.Plan.AbandonedFor < TimeSpan.FromMinutes(5)
            || world.MemoryLosses.Exists(lost => !isStored || lost > newest!.Begun);
        if (reading.Outcome == LoadOutcome.Lost && !mayBeLost && !mayBeEmptied)
        {
            throw Violation(reading, $"nothing is lost that comes after {newest}");
        }

        JudgeOrder(reading, seen: null);
    }

    private void JudgeOrder(Reading reading, Change? seen)
    {
        bool isAnswer = reading.Outcome is LoadOutcome.Loaded or LoadOutcome.NotFound;
        if (!world.Plan.IsOrdered || !reading.IsSingle || !isAnswer)
        {
            return;
        }

        _orderly.Add((reading, seen));
        foreach (Change change in _changes.Where(change => change.State == ChangeState.Stored))
        {
            Settle(change);
        }
    }

    // The newest change that is known to have had its effect before a time. Where a server lost its memory while two
    // changes overlapped, it has forgotten which of them was begun first: then the one that ended last is the last one.
    private Change? Newest(Reading reading, Change? except = null)
    {
        long before = reading.Begun;
        Change? newest = null;
        foreach (Change change in _changes)
        {
            bool isForgotten = except is not null
                && change.Ended < except.Ended && except.Begun < change.Ended
                && world.MemoryLosses.Exists(lost => lost > except.Begun && lost < except.Ended);
            // The server may not have been told that a page was taken over: another session may find the copy.
            bool isElsewhere = change.TakesOver && change.Session != reading.Session;
            if (!isForgotten && !isElsewhere && change.State is ChangeState.Stored or ChangeState.Emptied
                && change.Ended < before && change.Order > (newest?.Order ?? -1))
            {
                newest = change;
            }
        }

        foreach ((long at, Change seen) in _seen)
        {
            if (at < before && seen.Order > (newest?.Order ?? -1))
            {
                newest = seen;
            }
        }

        return newest;
    }

    private SimViolationException Violation(Reading reading, string words) => new(
        $"slot {slot}: {reading}: {words}\n  {string.Join("\n  ", _changes)}");
}
