using RemoteSwap.Client.Requests;

namespace RemoteSwap.Client.Gathering;

/// <summary>
/// Gathers single-page calls of one kind, on one lane, for one area, into batches. Replies are the clock: a page that
/// finds fewer than <see cref="MostUnderWay"/> batches of its gatherer under way goes at once, alone; those that come
/// meanwhile wait for one of these to end, or until they fill a batch, and go together. So an idle lane never waits, a
/// busy one sends batches as large as the load is high, and there is no timer. (Nagle's algorithm, with replies in
/// place of acknowledgements.)
/// <para>
/// Order: batches are queued in the lane in the order in which they were begun, and pages within one in the order in
/// which they came. Kinds do not wait for each other; but a page whose slot waits in a batch of another kind lets that
/// batch go first. So what is done to one slot reaches the server in the order in which it was begun.
/// </para>
/// <para>
/// While pages wait here there is always a batch under way; its end, of whatever kind, lets them go. Where the server
/// is slow with all of them (pages that it has to read from its disk), a page that comes later than
/// <see cref="Patience"/> after the first one takes all along, and at the latest the sweep for deadlines does, which is
/// within a tenth of a second.
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
            if (_underWay < MostUnderWay
                || _gathered.Count == MaxPages
                || page.Call.Deadline - _firstDeadline > site.PatienceTicks)
            {
                QueueGathered();
                isQueued = true;
            }
        }

        if (isQueued)
        {
            site.Lane.Pump();
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
