using RemoteSwap.Nbd.Transmission;

namespace RemoteSwap.Nbd;

/// <summary>
/// For devices that end the work of several requests one after another on one thread: between <see cref="Begin"/> and
/// <see cref="End"/> replies that become ready on this thread wait for each other, and at the end each connection sends
/// its own in one go. Without it the first one is sent alone, or by another thread that has to be woken.
/// <para>
/// Bounds: nothing waits longer than to <see cref="End"/>, which must come soon; a connection waits in it once, however
/// many of its replies do. Locks: none; a burst belongs to its thread.
/// </para>
/// </summary>
public static class ReplyBurst
{
    [ThreadStatic]
    private static List<ReplyWriter>? t_waiting;

    [ThreadStatic]
    private static int t_depth;

    /// <summary>Work of several requests is about to end on this thread; bursts may stand in each other.</summary>
    public static void Begin() => t_depth++;

    /// <summary>It has ended; what became ready is sent, as far as that goes without waiting.</summary>
    public static void End()
    {
        if (--t_depth > 0 || t_waiting is not { Count: > 0 } waiting)
        {
            return;
        }

        foreach (ReplyWriter writer in waiting)
        {
            writer.Send(isHere: true);
        }

        waiting.Clear();
    }

    /// <summary>Has a connection send at the end of the burst.</summary>
    /// <returns>Whether there is one.</returns>
    internal static bool TryWait(ReplyWriter writer)
    {
        if (t_depth == 0)
        {
            return false;
        }

        List<ReplyWriter> waiting = t_waiting ??= [];
        if (!waiting.Contains(writer))
        {
            waiting.Add(writer);
        }

        return true;
    }
}
