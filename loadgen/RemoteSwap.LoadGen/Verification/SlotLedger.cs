namespace RemoteSwap.LoadGen.Verification;

/// <summary>
/// What must be in each slot of a range: the source page of the last acknowledged store, or nothing. A store whose call
/// failed leaves its slot in doubt: the page before, the new one, or none (the server may have refused it), until the
/// next acknowledgement settles it; a load does not, because a late request may still arrive. One owner, no lock.
/// </summary>
internal sealed class SlotLedger
{
    /// <summary>Stands for an empty slot.</summary>
    public const int Empty = -1;

    /// <summary>
    /// Most pages that may be in one slot; a slot with more failed stores in a row is no longer judged.
    /// </summary>
    public const int MaxCandidates = 16;

    private readonly int[] _pageOfSlot;
    private readonly Dictionary<int, List<int>> _doubtful = [];

    /// <summary>Creates a ledger of empty slots.</summary>
    /// <param name="slots">Slots, at least 1.</param>
    public SlotLedger(int slots)
    {
        _pageOfSlot = new int[slots];
        Array.Fill(_pageOfSlot, Empty);
    }

    /// <summary>Slots of the range.</summary>
    public int Slots => _pageOfSlot.Length;

    /// <summary>Slots in doubt.</summary>
    public int DoubtfulSlots => _doubtful.Count;

    /// <summary>
    /// The source page that was acknowledged last, or <see cref="Empty"/>. Where in doubt: before the doubt.
    /// </summary>
    public int PageOf(int slot) => _pageOfSlot[slot];

    /// <summary>A store was acknowledged.</summary>
    public void Stored(int slot, int page) => Settle(slot, page);

    /// <summary>A store was refused, or an invalidation acknowledged: the slot is empty.</summary>
    public void Emptied(int slot) => Settle(slot, Empty);

    /// <summary>A store ended without an answer.</summary>
    public void StoreInDoubt(int slot, int page)
    {
        if (!_doubtful.TryGetValue(slot, out List<int>? candidates))
        {
            candidates = [_pageOfSlot[slot], Empty];
            _doubtful.Add(slot, candidates);
        }

        if (candidates.Count < MaxCandidates)
        {
            candidates.Add(page);
        }
    }

    /// <summary>Everything was invalidated.</summary>
    public void Clear()
    {
        Array.Fill(_pageOfSlot, Empty);
        _doubtful.Clear();
    }

    /// <summary>The pages, or <see cref="Empty"/>, that a slot in doubt may hold; null if it is in no doubt.</summary>
    public IReadOnlyList<int>? Candidates(int slot) =>
        _doubtful.Count > 0 && _doubtful.TryGetValue(slot, out List<int>? candidates) ? candidates : null;

    private void Settle(int slot, int page)
    {
        _pageOfSlot[slot] = page;
        if (_doubtful.Count > 0)
        {
            _doubtful.Remove(slot);
        }
    }
}
