namespace RemoteSwap.LoadGen.Verification.Histories;

/// <summary>
/// The histories of all slots of an area, what befell the area as a whole, and what was found wrong. Memory: see
/// <see cref="SlotHistory"/>, for each slot. Any thread may call.
/// </summary>
internal sealed class AreaHistory
{
    /// <summary>Violations that are kept in full; all are counted.</summary>
    public const int MaxViolations = 8;

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly SlotHistory[] _slots;
    private readonly List<Violation> _violations = [];
    private long _wrong;
    private long _judged;
    private long _notJudged;

    /// <summary>Begins with empty slots.</summary>
    /// <param name="slots">How many.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="mayRefuse">Whether the server may run full.</param>
    public AreaHistory(int slots, TimeProvider clock, bool mayRefuse = false)
    {
        _clock = clock;
        Timeline = new AreaTimeline(clock.GetTimestamp()) { MayRefuse = mayRefuse };
        _slots = [.. Enumerable.Range(0, slots).Select(slot => new SlotHistory((ulong)slot, clock, Timeline))];
    }

    /// <summary>What befell the area.</summary>
    public AreaTimeline Timeline { get; }

    /// <summary>Answers of loads that were judged.</summary>
    public long Judged => Interlocked.Read(ref _judged);

    /// <summary>Answers of loads of slots that had seen too much at once.</summary>
    public long NotJudged => Interlocked.Read(ref _notJudged);

    /// <summary>Answers that were not legal.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

    /// <summary>The first of them.</summary>
    public IReadOnlyList<Violation> Violations
    {
        get
        {
            lock (_gate)
            {
                return [.. _violations];
            }
        }
    }

    /// <summary>A store begins.</summary>
    public SlotOperation BeginStore(ulong slot, ulong content, int session) =>
        _slots[slot].BeginWrite(SlotOperationKind.Store, content, session);

    /// <summary>An invalidation begins.</summary>
    public SlotOperation BeginInvalidate(ulong slot, int session) =>
        _slots[slot].BeginWrite(SlotOperationKind.Empty, content: 0, session);

    /// <summary>A store or an invalidation has ended.</summary>
    public void EndWrite(ulong slot, SlotOperation operation, WriteEffect effect, string outcome) =>
        Note(_slots[slot].EndWrite(operation, effect, outcome));

    /// <summary>A load begins.</summary>
    public SlotRead BeginRead(ulong slot, int session) => _slots[slot].BeginRead(session);

    /// <summary>A load has ended.</summary>
    public void EndRead(ulong slot, SlotRead read, SlotAnswer answer, ulong content, string words)
    {
        Note(_slots[slot].EndRead(read, answer, content, words, out bool isJudged));
        if (answer is not (SlotAnswer.Unavailable or SlotAnswer.Fenced))
        {
            Interlocked.Increment(ref isJudged ? ref _judged : ref _notJudged);
        }
    }

    /// <summary>The attach that fences a session has answered.</summary>
    public void Fence(int session)
    {
        Timeline.EndFence(session, _clock.GetTimestamp());
        foreach (SlotHistory slot in _slots)
        {
            slot.Fence(session);
        }
    }

    private void Note(Violation? violation)
    {
        if (violation is null)
        {
            return;
        }

        Interlocked.Increment(ref _wrong);
        lock (_gate)
        {
            if (_violations.Count < MaxViolations)
            {
                _violations.Add(violation);
            }
        }
    }
}
