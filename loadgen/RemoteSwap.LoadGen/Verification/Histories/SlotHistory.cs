namespace RemoteSwap.LoadGen.Verification.Histories;

/// <summary>
/// What was done to one slot, by any number of workers at the same time, and whether a load's answer is legal.
/// <para>
/// An operation is a candidate for a load's answer until it is hidden from it. X hides Y:
/// <code>
/// (1) X has had its effect (it was acknowledged, or a load has answered with it) before the load began, and the
///     call of Y had ended before that of X began: then Y is older, also if it arrives late;
/// (2) a load that began after Y was settled has answered with X: then Y came before X.
/// </code>
/// A page that answers settles its store. The attach of a new owner, once it has answered, ends and settles all that
/// the former owner began. A server that lost its memory may answer LOST for what was begun before; so may
/// the client for a slot that is being emptied at that moment, by an invalidation or by a store that a full server
/// refuses.
/// </para>
/// <para>
/// What it is not: a solver for linearisability. Of operations that overlap it does not combine what several loads
/// imply together; what it reports is a violation always.
/// </para>
/// <para>
/// Memory: hidden operations go when no load that may see them is under way. At most <see cref="MaxOperations"/> stay,
/// and the last <see cref="MaxFormer"/> hidden ones for people to read; a slot with more is not judged any more.
/// </para>
/// <para>Lock: one a slot; times are taken inside, so that they have one order. It calls the timeline inside.</para>
/// </summary>
internal sealed class SlotHistory(ulong slot, TimeProvider clock, AreaTimeline timeline)
{
    /// <summary>Most operations that may matter to a slot at once.</summary>
    public const int MaxOperations = 64;

    /// <summary>Hidden operations that are kept to be shown.</summary>
    public const int MaxFormer = 8;

    private readonly Lock _gate = new();
    private readonly List<SlotOperation> _operations =
    [
        new SlotOperation
        {
            Kind = SlotOperationKind.Nothing,
            Invoked = long.MinValue,
            Ended = long.MinValue,
            Settled = long.MinValue,
            Outcome = string.Empty,
        },
    ];

    private readonly List<SlotRead> _reads = [];
    private readonly Queue<SlotOperation> _former = [];
    private bool _isGivenUp;

    /// <summary>Operations that matter now.</summary>
    public int Operations
    {
        get
        {
            lock (_gate)
            {
                return _operations.Count;
            }
        }
    }

    /// <summary>A store or an invalidation begins.</summary>
    public SlotOperation BeginWrite(SlotOperationKind kind, ulong content, int session)
    {
        lock (_gate)
        {
            SlotOperation operation = new()
            {
                Kind = kind,
                Content = content,
                Session = session,
                Invoked = clock.GetTimestamp(),
            };
            _isGivenUp |= _operations.Count >= MaxOperations;
            if (!_isGivenUp)
            {
                _operations.Add(operation);
            }

            return operation;
        }
    }

    /// <summary>It has ended.</summary>
    /// <returns>What is wrong with that; null: nothing.</returns>
    public Violation? EndWrite(SlotOperation operation, WriteEffect effect, string outcome)
    {
        lock (_gate)
        {
            long now = clock.GetTimestamp();
            operation.Outcome = outcome;
            operation.Ended = Math.Min(operation.Ended, now);
            Violation? wrong = JudgeWrite(operation, effect, now);
            if (operation.Invoked > timeline.FencedAt(operation.Session))
            {
                // Whatever it was told, it is nothing.
                _operations.Remove(operation);
            }
            else
            {
                Settle(operation, effect, now);
            }

            Compact(now);
            return wrong;
        }
    }

    /// <summary>A load begins.</summary>
    public SlotRead BeginRead(int session)
    {
        lock (_gate)
        {
            SlotRead read = new(session, clock.GetTimestamp());
            _reads.Add(read);
            return read;
        }
    }

    /// <summary>It has ended.</summary>
    /// <param name="read">The load.</param>
    /// <param name="answer">What it said.</param>
    /// <param name="content">Which page came, if one did; 0: bytes that were never stored.</param>
    /// <param name="words">The answer for people.</param>
    /// <param name="isJudged">False: the slot has seen too much at once to say what is legal.</param>
    /// <returns>What is wrong with that; null: nothing.</returns>
    public Violation? EndRead(SlotRead read, SlotAnswer answer, ulong content, string words, out bool isJudged)
    {
        lock (_gate)
        {
            long now = clock.GetTimestamp();
            isJudged = !_isGivenUp;
            _reads.Remove(read);
            Violation? wrong = null;
            if (isJudged && answer != SlotAnswer.Unavailable)
            {
                List<SlotOperation> legal =
                    _operations.FindAll(o => o.Invoked < now && o.HiddenSince >= read.Invoked);
                if (!IsLegal(read, answer, content, legal, now))
                {
                    string times = $"load of session {read.Session}, {Span(read.Invoked, now)}, answered {words}";
                    wrong = Describe(times, string.Join(", ", legal.Select(Words)));
                }
            }

            Compact(now);
            return wrong;
        }
    }

    /// <summary>A session has been fenced; its time is in the timeline.</summary>
    public void Fence(int session)
    {
        lock (_gate)
        {
            long at = timeline.FencedAt(session);
            _operations.RemoveAll(o => o.Session == session && o.Invoked > at);
            foreach (SlotOperation operation in _operations.Where(o => o.Session == session))
            {
                operation.Ended = Math.Min(operation.Ended, at);
                operation.Settled = Math.Min(operation.Settled, at);
            }
        }
    }

    private Violation? JudgeWrite(SlotOperation operation, WriteEffect effect, long now)
    {
        bool isTooLate = operation.Invoked > timeline.FencedAt(operation.Session)
            && effect is WriteEffect.Done or WriteEffect.Refused;
        bool isTooEarly = effect == WriteEffect.Fenced && !timeline.MayBeFenced(operation.Session, now);
        return isTooLate || isTooEarly
            ? Describe($"{Words(operation)} of session {operation.Session}", isTooLate ? "FENCED" : "not FENCED")
            : null;
    }

    private void Settle(SlotOperation operation, WriteEffect effect, long now)
    {
        if (effect == WriteEffect.Unknown)
        {
            return;
        }

        // One that is fenced may have been carried out, and made again because its answer was lost; but only before.
        operation.Settled = Math.Min(operation.Settled, now);
        switch (effect)
        {
            case WriteEffect.Done:
                TakeEffect(operation, now);
                break;
            case WriteEffect.Refused:
                operation.Kind = SlotOperationKind.Empty;
                TakeEffect(operation, now);
                break;
            case WriteEffect.Overtaken:
                operation.Hide(now);
                break;
            default:
                break;
        }
    }

    private bool IsLegal(SlotRead read, SlotAnswer answer, ulong content, List<SlotOperation> legal, long now)
    {
        if (answer != SlotAnswer.Fenced && read.Invoked > timeline.FencedAt(read.Session))
        {
            return false;
        }

        List<SlotOperation> found = answer switch
        {
            SlotAnswer.Page => legal.FindAll(o => o.Kind == SlotOperationKind.Store && o.Content == content),
            SlotAnswer.Empty => legal.FindAll(o => o.Kind != SlotOperationKind.Store),
            _ => [],
        };
        // A store that is refused, and perhaps sent again, leaves the slot empty meanwhile.
        bool mayBeRefused = answer == SlotAnswer.Empty && legal.Exists(o => MayBeRefused(o, read));
        if (found.Count > 0 && !mayBeRefused)
        {
            Observe(read, found, now);
        }

        return answer switch
        {
            SlotAnswer.Lost => legal.Exists(o => timeline.MayBeLost(o.Invoked, now) || MayBeRefused(o, read)),
            SlotAnswer.Fenced => timeline.MayBeFenced(read.Session, now),
            _ => found.Count > 0 || mayBeRefused,
        };
    }

    // A store whose fate was not known when the load began: under way, or failed as a call after it was refused once.
    private bool MayBeRefused(SlotOperation o, SlotRead read) =>
        timeline.MayRefuse && o.Content != 0 && o.Settled >= read.Invoked;

    // Where several operations have emptied the slot, nobody can tell which one was seen.
    private void Observe(SlotRead read, List<SlotOperation> found, long now)
    {
        foreach (SlotOperation other in _operations.Where(o => o.Settled < read.Invoked && !found.Contains(o)))
        {
            other.Hide(now);
        }

        if (found.Count == 1)
        {
            found[0].Settled = Math.Min(found[0].Settled, now);
            TakeEffect(found[0], now);
        }
    }

    private void TakeEffect(SlotOperation operation, long now)
    {
        foreach (SlotOperation other in _operations.Where(o => o.Ended < operation.Invoked))
        {
            other.Hide(now);
        }
    }

    private void Compact(long now)
    {
        long oldest = _reads.Count > 0 ? _reads[0].Invoked : now;
        for (int i = _operations.Count - 1; i >= 0; i--)
        {
            if (_operations[i].HiddenSince < oldest)
            {
                _former.Enqueue(_operations[i]);
                _operations.RemoveAt(i);
            }
        }

        while (_former.Count > MaxFormer)
        {
            _former.Dequeue();
        }
    }

    private Violation Describe(string what, string legal) => new(
        slot,
        what,
        legal.Length > 0 ? legal : "nothing",
        [.. _former.Concat(_operations).OrderBy(o => o.Invoked).Select(o => $"{Words(o)}{Hidden(o)}")]);

    private string Hidden(SlotOperation o) =>
        o.HiddenSince == SlotOperation.Never ? string.Empty : $", superseded by {Time(o.HiddenSince)}";

    private string Words(SlotOperation o) => o.Kind == SlotOperationKind.Nothing
        ? "empty since the start"
        : $"{(o.Content == 0 ? "invalidate" : $"store {o.Content}")} {Span(o.Invoked, o.Ended)} {o.Outcome}";

    private string Span(long from, long to) => $"{Time(from)} to {Time(to)}";

    private string Time(long time) => time == SlotOperation.Never
        ? "..."
        : FormattableString.Invariant($"{(time - timeline.Start) * 1000.0 / clock.TimestampFrequency:F3} ms");
}
