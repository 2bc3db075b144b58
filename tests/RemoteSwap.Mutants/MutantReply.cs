namespace RemoteSwap.Mutants;

/// <summary>What a process found.</summary>
/// <param name="Outcome">What the test made of the build; null: the run says nothing.</param>
/// <param name="Misuse">Why the run says nothing; null: it does.</param>
internal sealed record MutantReply(MutantOutcome? Outcome, string? Misuse);
