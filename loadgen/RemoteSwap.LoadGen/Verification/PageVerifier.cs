using RemoteSwap.Client;
using RemoteSwap.LoadGen.Sources;

namespace RemoteSwap.LoadGen.Verification;

/// <summary>
/// Compares every byte that comes back with the source page that was acknowledged last. It believes nobody: not the
/// server, not the client library and its checksums. One for each worker and its slots, no lock.
/// </summary>
internal sealed class PageVerifier
{
    /// <summary>Most mismatches that are kept in full; all are counted.</summary>
    public const int MaxMismatches = 8;

    private const int ShownBytes = 8;

    private readonly PageCorpus _corpus;
    private readonly SlotLedger _ledger;
    private readonly string _tenant;
    private readonly ulong _firstSlot;
    private readonly List<Mismatch> _mismatches = [];

    /// <summary>Creates a verifier.</summary>
    /// <param name="corpus">The source pages.</param>
    /// <param name="ledger">What must be where.</param>
    /// <param name="tenant">Whose slots, for messages.</param>
    /// <param name="firstSlot">The ledger's first slot in the area.</param>
    public PageVerifier(PageCorpus corpus, SlotLedger ledger, string tenant, ulong firstSlot)
    {
        _corpus = corpus;
        _ledger = ledger;
        _tenant = tenant;
        _firstSlot = firstSlot;
    }

    /// <summary>Pages whose bytes were compared.</summary>
    public long Compared { get; private set; }

    /// <summary>Slots that had to be empty and were.</summary>
    public long EmptyAsExpected { get; private set; }

    /// <summary>Pages that came back wrong or were lost.</summary>
    public long Wrong { get; private set; }

    /// <summary>Pages of slots with too many failed stores to say what must be there.</summary>
    public long NotJudged { get; private set; }

    /// <summary>The first mismatches.</summary>
    public IReadOnlyList<Mismatch> Mismatches => _mismatches;

    /// <summary>Judges one loaded slot.</summary>
    /// <param name="slot">The slot, counted from the ledger's first.</param>
    /// <param name="outcome">What the client said.</param>
    /// <param name="page">The 4,096 bytes that the client handed out, if it loaded the page.</param>
    public void Check(int slot, LoadOutcome outcome, ReadOnlySpan<byte> page)
    {
        IReadOnlyList<int>? candidates = _ledger.Candidates(slot);
        if (candidates is { Count: >= SlotLedger.MaxCandidates })
        {
            NotJudged++;
            return;
        }

        int expected = _ledger.PageOf(slot);
        switch (outcome)
        {
            case LoadOutcome.Loaded:
                CheckBytes(slot, expected, candidates, page);
                break;
            case LoadOutcome.NotFound when expected == SlotLedger.Empty || candidates is not null:
                EmptyAsExpected++;
                break;
            case LoadOutcome.NotFound:
                Report(MismatchKind.Lost, slot, $"expected source page {expected}");
                break;
            case LoadOutcome.Corrupt:
                Report(MismatchKind.Corrupt, slot, "found by the client's checksums");
                break;
            default:
                // The server could not read or does not answer: a failure, which the caller counts, and no wrong page.
                break;
        }
    }

    private void CheckBytes(int slot, int expected, IReadOnlyList<int>? candidates, ReadOnlySpan<byte> page)
    {
        Compared++;
        if (expected != SlotLedger.Empty && page.SequenceEqual(_corpus.Page(expected)))
        {
            return;
        }

        if (candidates is not null && MatchesAny(candidates, page))
        {
            return;
        }

        if (expected == SlotLedger.Empty && candidates is null)
        {
            Report(MismatchKind.NotEmpty, slot, Describe(page));
            return;
        }

        // In doubt and like no candidate: show the difference to the newest store.
        int shown = expected != SlotLedger.Empty ? expected : candidates![^1];
        ReadOnlySpan<byte> right = _corpus.Page(shown);
        int offset = right.CommonPrefixLength(page);
        Wrong++;
        if (_mismatches.Count < MaxMismatches)
        {
            _mismatches.Add(new Mismatch(
                MismatchKind.WrongBytes,
                _tenant,
                _firstSlot + (ulong)slot,
                offset,
                Hex(right, offset),
                Hex(page, offset),
                Describe(page)));
        }
    }

    private bool MatchesAny(IReadOnlyList<int> candidates, ReadOnlySpan<byte> page)
    {
        foreach (int candidate in candidates)
        {
            if (candidate != SlotLedger.Empty && page.SequenceEqual(_corpus.Page(candidate)))
            {
                return true;
            }
        }

        return false;
    }

    private void Report(MismatchKind kind, int slot, string remark)
    {
        Wrong++;
        if (_mismatches.Count < MaxMismatches)
        {
            _mismatches.Add(new Mismatch(
                kind, _tenant, _firstSlot + (ulong)slot, Offset: -1, string.Empty, string.Empty, remark));
        }
    }

    // Slow, and only for the few mismatches that are shown: whose bytes are these?
    private string Describe(ReadOnlySpan<byte> page)
    {
        if (page.IndexOfAnyExcept((byte)0) < 0)
        {
            return "all zeroes";
        }

        if (_mismatches.Count >= MaxMismatches)
        {
            return string.Empty;
        }

        for (int slot = 0; slot < _ledger.Slots; slot++)
        {
            int held = _ledger.PageOf(slot);
            if (held != SlotLedger.Empty && page.SequenceEqual(_corpus.Page(held)))
            {
                return $"the page of slot {_firstSlot + (ulong)slot}";
            }
        }

        for (int source = 0; source < _corpus.Count; source++)
        {
            if (page.SequenceEqual(_corpus.Page(source)))
            {
                return $"source page {source}";
            }
        }

        return "bytes that were never stored";
    }

    private static string Hex(ReadOnlySpan<byte> page, int offset) =>
        Convert.ToHexStringLower(page.Slice(offset, Math.Min(ShownBytes, page.Length - offset)));
}
