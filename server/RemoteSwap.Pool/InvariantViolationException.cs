namespace RemoteSwap.Pool;

/// <summary>
/// The books of a pool do not balance. Whatever is in that pool can no longer be trusted: its owner stops answering
/// from it (DESIGN: "broken invariant in a pool").
/// </summary>
public sealed class InvariantViolationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The rule and the values that break it.</param>
    public InvariantViolationException(string message)
        : base(message)
    {
    }
}
