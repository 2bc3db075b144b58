namespace RemoteSwap.LoadGen.Verification;

/// <summary>What all verifiers found together.</summary>
/// <param name="Compared">Pages whose 4,096 bytes were compared.</param>
/// <param name="EmptyAsExpected">Slots that had to be empty and were.</param>
/// <param name="Wrong">Pages that came back wrong or were lost.</param>
/// <param name="NotJudged">Pages of slots with too many failed stores to say what must be there.</param>
/// <param name="DoubtfulSlots">Slots whose last store ended without an answer.</param>
/// <param name="Mismatches">The first mismatches.</param>
internal sealed record Verdict(
    long Compared,
    long EmptyAsExpected,
    long Wrong,
    long NotJudged,
    long DoubtfulSlots,
    IReadOnlyList<Mismatch> Mismatches)
{
    /// <summary>Whether nothing came back wrong and something was compared at all.</summary>
    public bool IsClean => Wrong == 0 && Compared > 0;

    /// <summary>Sums up verifiers and their ledgers.</summary>
    public static Verdict Of(IReadOnlyCollection<(PageVerifier Verifier, SlotLedger Ledger)> parts) => new(
        parts.Sum(part => part.Verifier.Compared),
        parts.Sum(part => part.Verifier.EmptyAsExpected),
        parts.Sum(part => part.Verifier.Wrong),
        parts.Sum(part => part.Verifier.NotJudged),
        parts.Sum(part => (long)part.Ledger.DoubtfulSlots),
        [.. parts.SelectMany(part => part.Verifier.Mismatches).Take(PageVerifier.MaxMismatches)]);
}
