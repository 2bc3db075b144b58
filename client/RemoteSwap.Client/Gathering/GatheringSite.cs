using RemoteSwap.Client.Exchange;
using RemoteSwap.Client.Messages;

namespace RemoteSwap.Client.Gathering;

/// <summary>
/// The gatherers of one area on one lane: one for each kind of call, and the lock that they share, because the order of
/// what is done to a slot goes across the kinds.
/// </summary>
internal sealed class GatheringSite
{
    /// <summary>Kinds of calls that are gathered.</summary>
    public const int Kinds = 3;

    private readonly Gatherer[] _all;

    /// <summary>Makes the gatherers.</summary>
    /// <param name="lane">Where batches go.</param>
    /// <param name="name">Whose pages.</param>
    /// <param name="stashes">Where empty batches come from.</param>
    /// <param name="patienceTicks"><see cref="Gatherer.Patience"/>, in the clock's timestamps.</param>
    public GatheringSite(ExchangeLane lane, AreaName name, GatheredStashes stashes, long patienceTicks)
    {
        Lane = lane;
        Name = name;
        PatienceTicks = patienceTicks;
        Stores = new Gatherer(this, stashes.Stores.Rent);
        Loads = new Gatherer(this, stashes.Loads.Rent);
        Invalidations = new Gatherer(this, stashes.Invalidations.Rent);
        _all = [Stores, Loads, Invalidations];
    }

    /// <summary>Guards what the gatherers have.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Where batches go.</summary>
    public ExchangeLane Lane { get; }

    /// <summary>Whose pages.</summary>
    public AreaName Name { get; }

    /// <summary>How long a page waits at most when others follow it.</summary>
    public long PatienceTicks { get; }

    /// <summary>Gathers stores.</summary>
    public Gatherer Stores { get; }

    /// <summary>Gathers loads.</summary>
    public Gatherer Loads { get; }

    /// <summary>Gathers invalidations.</summary>
    public Gatherer Invalidations { get; }

    /// <summary>Queues what the other gatherers have, where a slot is among it. Inside the lock.</summary>
    /// <returns>Whether anything was queued.</returns>
    public bool LetGoOthers(Gatherer self, ulong slot)
    {
        bool any = false;
        foreach (Gatherer gatherer in _all)
        {
            any |= gatherer != self && gatherer.LetGoIfHolds(slot);
        }

        return any;
    }
}
