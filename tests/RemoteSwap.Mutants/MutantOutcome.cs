namespace RemoteSwap.Mutants;

/// <summary>What a test made of a build.</summary>
/// <param name="Killed">Whether the test failed, or its process ended in the midst of it.</param>
/// <param name="FailureType">Name of the exception's type; empty if the test passed or the process ended.</param>
/// <param name="Failure">The exception's message, or how the process ended; empty if the test passed.</param>
public sealed record MutantOutcome(bool Killed, string FailureType, string Failure)
{
    /// <summary>The test passed.</summary>
    public static MutantOutcome Survived { get; } = new(false, string.Empty, string.Empty);

    /// <summary>What a method that passed has returned, in words; empty: nothing.</summary>
    public string Result { get; init; } = string.Empty;

    /// <summary>Whether the build has ended its process: a write where no memory is, say.</summary>
    public bool HasEndedProcess { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        HasEndedProcess ? $"its process ended: {Failure}" : Killed ? $"killed by {FailureType}: {Failure}" : "survived";
}
