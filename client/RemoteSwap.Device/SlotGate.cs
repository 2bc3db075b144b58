using System.Diagnostics;

namespace RemoteSwap.Device;

/// <summary>
/// Puts requests for the same slots into an order: the order in which they came. NBD gives none to requests that
/// overlap in time, but what the server has and what <see cref="SlotStates"/> says must agree after them: if a write
/// and a trim of one slot ran side by side, either could be the last here and the first there.
/// <para>
/// A request enters with a run of slots, alone or together with others that only look, and goes on when no earlier one
/// that is in its way is left. Requests in the gate stand in one list: there are as many as the connections together
/// may have under way, some hundred at most, and looking through it costs less than a table of locks for the slots of a
/// trim of the whole device.
/// </para>
/// <para>Lock: its own, a leaf; whoever waited goes on outside it, on the thread pool.</para>
/// </summary>
internal sealed class SlotGate
{
    private const int MostKept = 1024;

    private readonly Lock _lock = new();
    private readonly Stack<SlotPass> _kept = new();
    private SlotPass? _first;
    private SlotPass? _last;
    private int _waiting;

    /// <summary>Waits until nobody else is at some slots.</summary>
    public ValueTask<SlotPass> EnterAloneAsync(long first, long count) =>
        EnterAsync(first, count, isAlone: true, isWatching: false);

    /// <summary>Waits until nobody is at some slots alone.</summary>
    public ValueTask<SlotPass> EnterTogetherAsync(long first, long count) =>
        EnterAsync(first, count, isAlone: false, isWatching: false);

    /// <summary>Waits until all have left who are at some slots alone now, and is in the way of nobody.</summary>
    public ValueTask<SlotPass> WatchAsync(long first, long count) =>
        EnterAsync(first, count, isAlone: false, isWatching: true);

    /// <summary>Lets others at the slots. The pass must not be used any more.</summary>
    public void Leave(SlotPass pass)
    {
        SlotPass? next = null;
        lock (_lock)
        {
            Unlink(pass);
            if (_waiting > 0)
            {
                next = AdmitAll();
            }

            Keep(pass);
        }

        while (next is not null)
        {
            SlotPass admitted = next;
            next = admitted.NextAdmitted;
            admitted.NextAdmitted = null;
            admitted.Admit();
        }
    }

    private ValueTask<SlotPass> EnterAsync(long first, long count, bool isAlone, bool isWatching)
    {
        lock (_lock)
        {
            SlotPass pass = _kept.TryPop(out SlotPass? kept) ? kept : new SlotPass();
            pass.Begin(first, first + count - 1, isAlone, isWatching);
            pass.IsWaiting = IsInTheWay(pass, until: null);
            Append(pass);
            if (!pass.IsWaiting)
            {
                return new ValueTask<SlotPass>(pass);
            }

            _waiting++;
            return new ValueTask<SlotPass>(pass, pass.Version);
        }
    }

    // Whether an earlier one has slots in common that not both only look at.
    private bool IsInTheWay(SlotPass pass, SlotPass? until)
    {
        for (SlotPass? other = _first; other != until; other = other.Next)
        {
            Debug.Assert(other is not null, "the list ends behind the pass that is looked for");
            if (other.First <= pass.Last && pass.First <= other.Last
                && (other.IsAlone || (pass.IsAlone && !other.IsWatching)))
            {
                return true;
            }
        }

        return false;
    }

    // Those that may go on now, linked to each other.
    private SlotPass? AdmitAll()
    {
        SlotPass? admitted = null;
        SlotPass? tail = null;
        for (SlotPass? pass = _first; pass is not null && _waiting > 0; pass = pass.Next)
        {
            if (!pass.IsWaiting || IsInTheWay(pass, until: pass))
            {
                continue;
            }

            pass.IsWaiting = false;
            _waiting--;
            if (tail is null)
            {
                admitted = pass;
            }
            else
            {
                tail.NextAdmitted = pass;
            }

            tail = pass;
        }

        return admitted;
    }

    private void Append(SlotPass pass)
    {
        pass.Previous = _last;
        if (_last is null)
        {
            _first = pass;
        }
        else
        {
            _last.Next = pass;
        }

        _last = pass;
    }

    private void Unlink(SlotPass pass)
    {
        if (pass.Previous is { } previous)
        {
            previous.Next = pass.Next;
        }
        else
        {
            _first = pass.Next;
        }

        if (pass.Next is { } next)
        {
            next.Previous = pass.Previous;
        }
        else
        {
            _last = pass.Previous;
        }

        pass.Previous = null;
        pass.Next = null;
    }

    private void Keep(SlotPass pass)
    {
        if (_kept.Count < MostKept)
        {
            _kept.Push(pass);
        }
    }
}
