namespace RemoteSwap.Mutants;

/// <summary>What a test made of a build.</summary>
/// <param name="Killed">Whether the test failed.</param>
/// <param name="FailureType">Name of the exception's type; empty if the test passed.</param>
/// <param name="Failure">The exception's message; empty if the test passed.</param>
public sealed record MutantOutcome(bool Killed, string FailureType, string Failure)
{
    /// <summary>The test passed.</summary>
    public static MutantOutcome Survived { get; } = new(false, string.Empty, string.Empty);

    /// <summary>What a method that passed has returned, in words; empty: nothing.</summary>
    public string Result { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Killed ? $"killed by {FailureType}: {Failure}" : "survived";
}
