namespace RemoteSwap.LoadGen.Reports.Model;

/// <summary>Whether every page came back right.</summary>
/// <param name="Result">clean, wrong, or nothing_compared.</param>
/// <param name="PagesCompared">Pages whose 4,096 bytes were compared with their source.</param>
/// <param name="EmptyAsExpected">Slots that had to be empty and were.</param>
/// <param name="PagesWrong">Pages that came back wrong or were lost.</param>
/// <param name="PagesNotJudged">Pages of slots with too many failed stores to say what must be there.</param>
/// <param name="SlotsInDoubt">Slots whose last store ended without an answer.</param>
/// <param name="Mismatches">The first mismatches, for a person.</param>
/// <param name="ServerViolations">What the server's own check of its books found; null if it was not made.</param>
internal sealed record VerdictReport(
    string Result,
    long PagesCompared,
    long EmptyAsExpected,
    long PagesWrong,
    long PagesNotJudged,
    long SlotsInDoubt,
    IReadOnlyList<string> Mismatches,
    IReadOnlyList<string>? ServerViolations);
