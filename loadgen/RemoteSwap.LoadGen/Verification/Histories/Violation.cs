namespace RemoteSwap.LoadGen.Verification.Histories;

/// <summary>An answer that the contract does not allow.</summary>
/// <param name="Slot">Where.</param>
/// <param name="What">What came, in words.</param>
/// <param name="Legal">What might have come.</param>
/// <param name="Operations">The slot's operations, oldest first, with their times.</param>
internal sealed record Violation(ulong Slot, string What, string Legal, IReadOnlyList<string> Operations)
{
    /// <summary>The violation in several lines.</summary>
    public override string ToString() =>
        $"slot {Slot}: {What}; legal: {Legal}{string.Concat(Operations.Select(line => $"\n    {line}"))}";
}
