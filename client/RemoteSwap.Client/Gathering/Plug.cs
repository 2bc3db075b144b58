using RemoteSwap.Client.Exchange;

namespace RemoteSwap.Client.Gathering;

/// <summary>
/// For a thread that is about to send several single pages, one directly after the other: between <see cref="Begin"/>
/// and <see cref="End"/> pages that this thread would send alone are held back in their gatherers, and at the end each
/// of these sends its own in one message. A message costs as much as ten pages in it. (As a plug in Linux's block
/// layer.) It is the thread's, whichever areas and connections the pages belong to.
/// <para>
/// It must end soon and on its thread, so nothing may be awaited under it; a page that is held has no other clock. So
/// this is not for users of the library. Plugs may stand in each other: the outermost counts. What stays as it is: a
/// batch that is full goes at once, and so does one that other rules of <see cref="Gatherer"/> let go. A page of
/// another thread, which has no plug, takes along what is held here.
/// </para>
/// <para>
/// Bound: <see cref="MostGatherers"/>; pages of further ones are not held back. Locks: none, it belongs to its thread;
/// a gatherer asks for it inside its own lock.
/// </para>
/// </summary>
internal sealed class Plug
{
    /// <summary>The most gatherers that a plug holds back: those of an area on as many lanes as there may be.</summary>
    public const int MostGatherers = RemoteSwapClientOptions.MaxStreams * GatheringSite.Kinds;

    [ThreadStatic]
    private static Plug? t_plug;

    private readonly List<Gatherer> _held = new(MostGatherers);
    private readonly List<ExchangeLane> _lanes = [];
    private int _depth;

    /// <summary>Whether this thread has one.</summary>
    public static bool IsOn => t_plug is { _depth: > 0 };

    /// <summary>Further pages of this thread may wait for <see cref="End"/>.</summary>
    public static void Begin() => (t_plug ??= new Plug())._depth++;

    /// <summary>Nothing waits any more but for replies, as pages do without a plug.</summary>
    /// <exception cref="InvalidOperationException">There is no plug on this thread.</exception>
    public static void End()
    {
        if (t_plug is not { _depth: > 0 } plug)
        {
            throw new InvalidOperationException("a plug ends on the thread on which it was begun, and once");
        }

        if (--plug._depth == 0)
        {
            plug.LetGo();
        }
    }

    /// <summary>Has a gatherer keep what it has until the end of this thread's plug.</summary>
    /// <returns>Whether there is one and it has room; if not, the pages must go.</returns>
    public static bool TryHold(Gatherer gatherer)
    {
        if (t_plug is not { _depth: > 0 } plug)
        {
            return false;
        }

        if (plug._held.Contains(gatherer))
        {
            return true;
        }

        if (plug._held.Count == MostGatherers)
        {
            return false;
        }

        plug._held.Add(gatherer);
        return true;
    }

    // All batches first, and then each lane once: its sender knows while it writes one whether another follows. The
    // plug is off by now, so that nothing is added to what is gone through here.
    private void LetGo()
    {
        for (int i = 0; i < _held.Count; i++)
        {
            if (_held[i].EndPlug() && !_lanes.Contains(_held[i].Lane))
            {
                _lanes.Add(_held[i].Lane);
            }
        }

        _held.Clear();
        for (int i = 0; i < _lanes.Count; i++)
        {
            _lanes[i].Pump();
        }

        _lanes.Clear();
    }
}
