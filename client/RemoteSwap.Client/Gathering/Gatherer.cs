using System.Diagnostics;
using RemoteSwap.Client.Exchange;
using RemoteSwap.Client.Requests;

namespace RemoteSwap.Client.Gathering;

/// <summary>
/// Gathers single-page calls of one kind, on one lane, for one area, into batches. Replies are the clock: a page that
/// finds fewer than <see cref="MostUnderWay"/> batches of its gatherer under way goes at once, alone; those that come
/// meanwhile wait for one of these to end, or until they fill a batch, and go together. So an idle lane never waits, a
/// busy one sends batches as large as the load is high, and there is no timer. (Nagle's algorithm, with replies in
/// place of acknowledgements.)
/// <para>
/// Whoever knows that more pages follow says so with a <see cref="Plug"/>: then a page that would go alone is held back
/// until the plug ends, and goes with the others. All other rules hold under it as well.
/// </para>
/// <para>
/// Order: batches are queued in the lane in the order in which they were begun, and pages within one in the order in
/// which they came. Kinds do not wait for each other; but a page whose slot waits in a batch of another kind lets that
/// batch go first. So what is done to one slot reaches the server in the order in which it was begun.
/// </para>
/// <para>
/// Invariant: while pages wait here, outside the site's lock, there is a batch of this gatherer under way, whose end,
/// of whatever kind, lets them go; or a plug that has not ended holds them, and its end does. Where the server is slow
/// with all batches (pages that it has to read from its disk), a page that comes later than <see cref="Patience"/>
/// after the first one takes all along, and at the latest the sweep for deadlines does, which is within a tenth of a
/// second.
/// </para>
/// <para>Lock: the site's, which guards what its gatherers have and count. The lane's lock may be taken inside it,
/// never the other way round.</para>
/// </summary>
/// <param name="site">Where it belongs; it adds itself.</param>
/// <param name="rent">Takes an empty batch.</param>
internal sealed class Gatherer(GatheringSite site, Func<GatheredRequest> rent) : IBatchClock
{
    /// <summary>Pages of one batch: from there on a larger one saves next to nothing for each page.</summary>
    public const int MaxPages = 64;

    /// <summary>
    /// Batches under way that let further pages wait. With one, client and server would take turns; and one that the
    /// server is slow with would hold up all that come after it.
    /// </summary>
    public const int MostUnderWay = 2;

    /// <summary>How long a page waits at most when others follow it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    private GatheredRequest? _gathered;
    private long _firstDeadline;
    private int _underWay;

    /// <summary>Where batches go.</summary>
    public ExchangeLane Lane => site.Lane;

    /// <summary>Sends a page, now or with others.</summary>
    public void Add(in GatheredPage page)
    {
        bool isQueued;
        lock (site.Gate)
        {
            isQueued = site.LetGoOthers(this, page.Slot);
            if (_gathered is null)
            {
                _gathered = rent();
                _gathered.Begin(this, site.Name);
                _firstDeadline = page.Call.Deadline;
            }

            _gathered.Add(in page);
            if (_gathered.Count == MaxPages
                || page.Call.Deadline - _firstDeadline > site.PatienceTicks
                || (_underWay < MostUnderWay && !Plug.TryHold(this)))
            {
                QueueGathered();
                isQueued = true;
            }

            Debug.Assert(_gathered is null || _underWay > 0 || Plug.IsOn, "a page waits for something that comes");
        }

        if (isQueued)
        {
            site.Lane.Pump();
        }
    }

    /// <summary>
    /// Queues what a plug that ends has held back, unless there are batches enough under way to wait for;
    /// <see cref="ExchangeLane.Pump"/> sends it.
    /// </summary>
    /// <returns>Whether it was queued.</returns>
    public bool EndPlug()
    {
        lock (site.Gate)
        {
            bool isQueued = _gathered is not null && _underWay < MostUnderWay;
            if (isQueued)
            {
                QueueGathered();
            }

            return isQueued;
        }
    }

    /// <inheritdoc/>
    public void BatchIsOver() => LetGo(over: 1);

    /// <inheritdoc/>
    public void WaitNoLonger() => LetGo(over: 0);

    /// <summary>Queues what is gathered if a slot is among it. Inside the site's lock.</summary>
    /// <returns>Whether it was queued.</returns>
    public bool LetGoIfHolds(ulong slot)
    {
        bool holds = _gathered is not null && _gathered.Holds(slot);
        if (holds)
        {
            QueueGathered();
        }

        return holds;
    }

    private void LetGo(int over)
    {
        bool isQueued;
        lock (site.Gate)
        {
            _underWay -= over;
            isQueued = _gathered is not null;
            if (isQueued)
            {
                QueueGathered();
            }
        }

        if (isQueued)
        {
            site.Lane.Pump();
        }
    }

    private void QueueGathered()
    {
        GatheredRequest batch = _gathered!;
        _gathered = null;
        if (site.Lane.TryQueue(batch))
        {
            _underWay++;
        }
        else
        {
            site.Lane.Refuse(batch);
        }
    }
}
